{{- define "commerce.notes" -}}
{{- $values := include "commerce.values" . | fromYaml -}}
{{ .Chart.Name }} {{ .Chart.AppVersion }} runs `--role {{ $values.role }}` as {{ ternary "Deployment" "StatefulSet" (eq $values.kind "api") }} {{ include "commerce.name" . }}.

  ready?    helm test {{ .Release.Name }} --namespace {{ .Release.Namespace }}
  metrics   http://{{ include "commerce.name" . }}.{{ .Release.Namespace }}:9464/metrics
{{- if $values.ingress.enabled }}
  API       https://{{ $values.ingress.host }}/v1
{{- end }}

It needs provisioned topics and tables (the chart `commerce` provisions them before it installs), and the secrets {{ join ", " $values.settingSecrets }}{{ if $values.keys }}, {{ $values.keySecret }}, and the claim {{ $values.personalKeysClaim }}{{ end }}.
{{- end }}
