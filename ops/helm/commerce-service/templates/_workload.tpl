{{/* The workload: a StatefulSet of stable names for streams, a Deployment for the API. */}}
{{- define "commerce.workload" -}}
{{- $values := include "commerce.values" . | fromYaml -}}
{{- $isApi := eq $values.kind "api" -}}
{{- $args := ternary (list "--role" $values.role) (list "--role" $values.role "--instance" "$(POD_NAME)") $isApi -}}
apiVersion: apps/v1
kind: {{ ternary "Deployment" "StatefulSet" $isApi }}
metadata:
  name: {{ include "commerce.name" . }}
  labels: {{ include "commerce.labels" . | nindent 4 }}
spec:
  {{- if not $values.autoscaling.enabled }}
  replicas: {{ $values.replicas }}
  {{- end }}
  {{- if $isApi }}
  strategy:
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
  {{- else }}
  # Without a volume: state is in the log and in Redis. A pod that comes back under its name has its tasks back at once, and no name ever runs twice.
  serviceName: {{ include "commerce.name" . }}
  podManagementPolicy: Parallel
  {{- end }}
  selector:
    matchLabels: {{ include "commerce.selector" . | nindent 6 }}
  template:
    metadata:
      labels: {{ include "commerce.labels" . | nindent 8 }}
      annotations:
        # A changed setting makes new pods.
        checksum/settings: {{ toJson $values.settings | sha256sum }}
    spec: {{ include "commerce.pod" (dict "root" . "values" $values "name" "service" "args" $args "serves" true "of" (include "commerce.name" .)) | nindent 6 }}
{{- end }}
