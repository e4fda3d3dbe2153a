{{/*
The values that count: the defaults of this library under those of the chart; settings of the umbrella under those of the service. Call it as
include "commerce.values" . | fromYaml
*/}}
{{- define "commerce.values" -}}
{{- $defaults := omit (index .Values "commerce-service") "global" -}}
{{- $own := omit .Values "commerce-service" "global" -}}
{{- $global := .Values.global | default dict -}}
{{- $values := mergeOverwrite (deepCopy $defaults) (deepCopy ($global.service | default dict)) (deepCopy $own) -}}
{{- $settings := merge (dict) $own.settings ($global.settings | default dict) -}}
{{- toYaml (set $values "settings" $settings) -}}
{{- end }}

{{- define "commerce.name" -}}
{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" }}
{{- end }}

{{- define "commerce.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "commerce.labels" -}}
{{ include "commerce.selector" . }}
app.kubernetes.io/part-of: commerce
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{/* Call it with (dict "root" . "values" $values). */}}
{{- define "commerce.image" -}}
{{- $image := .values.image -}}
{{- $name := printf "%s/%s" $image.registry ($image.name | default .root.Chart.Name) -}}
{{- if $image.digest }}{{ printf "%s@%s" $name $image.digest }}{{ else }}{{ printf "%s:%s" $name ($image.tag | default .root.Chart.AppVersion) }}{{ end -}}
{{- end }}
