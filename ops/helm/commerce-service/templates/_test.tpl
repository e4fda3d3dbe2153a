{{/* `helm test`: every service is ready, asked from inside. */}}
{{- define "commerce.test" -}}
{{- $values := include "commerce.values" . | fromYaml -}}
{{- $url := printf "http://%s:9464/health/ready" (include "commerce.name" .) -}}
{{- $script := printf "fetch('%s').then(async r => { console.log(await r.text()); process.exit(r.ok ? 0 : 1) }, e => { console.error(e); process.exit(1) })" $url -}}
apiVersion: v1
kind: Pod
metadata:
  name: {{ include "commerce.name" . }}-test
  labels:
    app.kubernetes.io/part-of: commerce
    commerce.dev/test: {{ .Release.Name }}
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  securityContext:
    runAsNonRoot: true
    runAsUser: 1000
    runAsGroup: 1000
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: ask
      image: {{ include "commerce.image" (dict "root" . "values" $values) }}
      command: [node, -e, {{ $script | quote }}]
      resources:
        requests:
          cpu: 50m
          memory: 128Mi
        limits:
          memory: 128Mi
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
{{- end }}
