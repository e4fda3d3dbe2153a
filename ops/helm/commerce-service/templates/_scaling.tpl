{{/* More processes when records wait; never none: timers have to fire. */}}
{{- define "commerce.scale-by-lag" -}}
{{- $scaling := .values.autoscaling -}}
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: {{ include "commerce.name" .root }}
  labels: {{ include "commerce.labels" .root | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: StatefulSet
    name: {{ include "commerce.name" .root }}
  minReplicaCount: {{ $scaling.minReplicas }}
  maxReplicaCount: {{ $scaling.maxReplicas }}
  pollingInterval: 15
  # Longer than a rebalance and the restores after it.
  cooldownPeriod: 300
  advanced:
    horizontalPodAutoscalerConfig:
      behavior:
        scaleUp:
          stabilizationWindowSeconds: 60
        scaleDown:
          stabilizationWindowSeconds: 300
          policies:
            - type: Pods
              value: 1
              periodSeconds: 120
  triggers:
    {{- range $scaling.topics }}
    - type: kafka
      metadata:
        bootstrapServersFromEnv: COMMERCE_BROKERS
        consumerGroup: commerce
        topic: {{ . }}
        lagThreshold: {{ $scaling.lagThreshold | quote }}
        offsetResetPolicy: earliest
        allowIdleConsumers: "false"
        excludePersistentLag: "true"
      {{- with $scaling.authentication }}
      authenticationRef:
        name: {{ . }}
      {{- end }}
    {{- end }}
    {{- with $scaling.processors }}
    - type: prometheus
      metadata:
        serverAddress: {{ $scaling.prometheusUrl }}
        query: sum(max by (processor, partition) (pipeline_consumer_lag_records{namespace="{{ $.root.Release.Namespace }}", processor=~"{{ join "|" . }}"}))
        threshold: {{ $scaling.lagThreshold | quote }}
    {{- end }}
{{- end }}

{{- define "commerce.scale-by-cpu" -}}
{{- $scaling := .values.autoscaling -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "commerce.name" .root }}
  labels: {{ include "commerce.labels" .root | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "commerce.name" .root }}
  minReplicas: {{ $scaling.minReplicas }}
  maxReplicas: {{ $scaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ $scaling.targetCpuPercent }}
  behavior:
    scaleDown:
      stabilizationWindowSeconds: 300
{{- end }}
