{{/* What stands around the workload: account, settings, service, budget, autoscaler, monitor. */}}
{{- define "commerce.around" -}}
{{- $values := include "commerce.values" . | fromYaml -}}
{{- $isApi := eq $values.kind "api" -}}
{{- $name := include "commerce.name" . -}}
{{- $labels := include "commerce.labels" . -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ $name }}
  labels: {{ $labels | nindent 4 }}
automountServiceAccountToken: false
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ $name }}
  labels: {{ $labels | nindent 4 }}
data:
  COMMERCE_HOST: 0.0.0.0
  COMMERCE_DATA_DIR: /data
  {{- range $setting, $value := $values.settings }}
  {{ $setting }}: {{ $value | quote }}
  {{- end }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
  labels: {{ $labels | nindent 4 }}
    commerce.dev/metrics: "true"
spec:
  {{- if not $isApi }}
  clusterIP: None
  publishNotReadyAddresses: true
  {{- end }}
  selector: {{ include "commerce.selector" . | nindent 4 }}
  ports:
    {{- if $isApi }}
    - name: http
      port: 80
      targetPort: http
    {{- end }}
    - name: metrics
      port: 9464
      targetPort: metrics
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $name }}
  labels: {{ $labels | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {{ include "commerce.selector" . | nindent 6 }}
{{- if $values.autoscaling.enabled }}
---
{{ include (ternary "commerce.scale-by-cpu" "commerce.scale-by-lag" $isApi) (dict "root" . "values" $values) }}
{{- end }}
{{- if $values.serviceMonitor.enabled }}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: {{ $name }}
  labels: {{ $labels | nindent 4 }}
spec:
  jobLabel: app.kubernetes.io/name
  selector:
    matchLabels: {{ include "commerce.selector" . | nindent 6 }}
  endpoints:
    - port: metrics
      path: /metrics
      interval: {{ $values.serviceMonitor.interval }}
{{- end }}
{{- if $values.ingress.enabled }}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ $name }}
  labels: {{ $labels | nindent 4 }}
  annotations:
    # Events are streamed for as long as a client listens.
    nginx.ingress.kubernetes.io/proxy-read-timeout: "3600"
    nginx.ingress.kubernetes.io/proxy-buffering: "off"
spec:
  ingressClassName: {{ $values.ingress.className }}
  tls:
    - hosts: [{{ required "ingress.host must be set" $values.ingress.host }}]
      secretName: {{ $values.ingress.tlsSecret }}
  rules:
    - host: {{ $values.ingress.host }}
      http:
        paths:
          - path: /v1
            pathType: Prefix
            backend:
              service:
                name: {{ $name }}
                port:
                  name: http
{{- end }}
{{- end }}
