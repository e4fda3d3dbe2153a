{{/* Everything of one service: all that its chart has to include. */}}
{{- define "commerce.service" -}}
{{ include "commerce.workload" . }}
---
{{ include "commerce.around" . }}
---
{{ include "commerce.network" . }}
---
{{ include "commerce.test" . }}
{{- end }}
