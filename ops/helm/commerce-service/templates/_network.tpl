{{/* What the pods of one service may talk to; everything else is denied. */}}
{{- define "commerce.network" -}}
{{- $values := include "commerce.values" . | fromYaml -}}
{{- $network := $values.networkPolicy -}}
{{- if $network.enabled -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "commerce.name" . }}
  labels: {{ include "commerce.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels: {{ include "commerce.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - namespaceSelector:
            matchLabels: {{ toYaml $network.observability | nindent 14 }}
        # The tests of the release.
        - podSelector:
            matchLabels:
              commerce.dev/test: {{ .Release.Name }}
      ports:
        - { protocol: TCP, port: 9464 }
    {{- if eq $values.kind "api" }}
    - from:
        - namespaceSelector:
            matchLabels: {{ toYaml $network.ingress | nindent 14 }}
      ports:
        - { protocol: TCP, port: 8080 }
    {{- end }}
  egress:
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: kube-system
          podSelector:
            matchLabels:
              k8s-app: kube-dns
      ports:
        - { protocol: UDP, port: 53 }
        - { protocol: TCP, port: 53 }
    - to:
        - namespaceSelector:
            matchLabels: {{ toYaml $network.data | nindent 14 }}
      ports:
        {{- range $network.dataPorts }}
        - { protocol: TCP, port: {{ . }} }
        {{- end }}
    - to:
        - namespaceSelector:
            matchLabels: {{ toYaml $network.observability | nindent 14 }}
      ports:
        - { protocol: TCP, port: 4318 }
    {{- if $values.keys }}
    {{- with $network.keyStorePorts }}
    - to:
        - namespaceSelector:
            matchLabels: {{ toYaml $network.keyStore | nindent 14 }}
      ports:
        {{- range . }}
        - { protocol: TCP, port: {{ . }} }
        {{- end }}
    {{- end }}
    {{- end }}
    {{- with $network.outsidePorts }}
    - to:
        - ipBlock:
            cidr: 0.0.0.0/0
            except: [10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16]
      ports:
        {{- range . }}
        - { protocol: TCP, port: {{ . }} }
        {{- end }}
    {{- end }}
    {{- with $network.sandboxPorts }}
    - to:
        - podSelector:
            matchLabels:
              app.kubernetes.io/name: payment-sandbox
      ports:
        {{- range . }}
        - { protocol: TCP, port: {{ . }} }
        {{- end }}
    {{- end }}
{{- end }}
{{- end }}
