{{/*
The pod of a service, and of what is run once with the same rights. Call it with (dict "root" . "values" $values "name" "…" "args" list "serves" bool), and
"of": name of the account and the ConfigMap, absent where neither is there yet; "settings": settings beside those.
*/}}
{{- define "commerce.pod" -}}
{{- with .of }}
serviceAccountName: {{ . }}
{{- end }}
automountServiceAccountToken: false
enableServiceLinks: false
terminationGracePeriodSeconds: {{ .values.terminationGracePeriodSeconds }}
{{- with .values.imagePullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  seccompProfile:
    type: RuntimeDefault
{{- if .serves }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{ include "commerce.selector" .root | nindent 8 }}
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: {{ .values.spread.zones }}
    labelSelector:
      matchLabels: {{ include "commerce.selector" .root | nindent 8 }}
{{- end }}
containers:
  - name: {{ .name }}
    image: {{ include "commerce.image" . }}
    imagePullPolicy: {{ .values.image.pullPolicy }}
    args: {{ toJson .args }}
    env:
      - name: POD_NAME
        valueFrom:
          fieldRef:
            fieldPath: metadata.name
      {{- if .values.keys }}
      - name: COMMERCE_PERSONAL_KEY_FILE
        value: /keys/personal.key
      - name: COMMERCE_PERSONAL_KEY_FOLDER
        value: /personal-keys
      - name: COMMERCE_TOKEN_KEY_FILE
        value: /keys/token.jwk
      - name: COMMERCE_IDENTITY_SECRET_FILE
        value: /keys/identity.key
      - name: COMMERCE_WEBHOOK_KEY_FILE
        value: /keys/webhook.key
      - name: COMMERCE_ADMIN_PASSWORD_FILE
        value: /keys/admin-password
      {{- end }}
      {{- range $name, $value := .settings }}
      - name: {{ $name }}
        value: {{ $value | quote }}
      {{- end }}
    envFrom:
      {{- with .of }}
      - configMapRef:
          name: {{ . }}
      {{- end }}
      {{- range .values.settingSecrets }}
      - secretRef:
          name: {{ . }}
      {{- end }}
      # Its own user of the broker; where there is none, that of all.
      - secretRef:
          name: {{ printf "%s-%s" .values.brokerSecrets .root.Chart.Name }}
          optional: true
    {{- if .serves }}
    ports:
      {{- if eq .values.kind "api" }}
      - name: http
        containerPort: 8080
      {{- end }}
      - name: metrics
        containerPort: 9464
    {{- end }}
    resources: {{ toYaml .values.resources | nindent 6 }}
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities:
        drop: [ALL]
    {{- if .serves }}
    {{- if eq .values.kind "api" }}
    # Requests still come for a moment after its end is decided.
    lifecycle:
      preStop:
        sleep:
          seconds: 5
    {{- end }}
    # It listens once tables are read; state is restored afterwards, while it is alive.
    startupProbe:
      httpGet:
        path: /health/live
        port: metrics
      periodSeconds: 5
      failureThreshold: 60
    # Progress: fails when work stands still although everything it stands on answers.
    livenessProbe:
      httpGet:
        path: /health/live
        port: metrics
      periodSeconds: 10
      timeoutSeconds: 5
      failureThreshold: 3
    # A gateway is ready when it answers: with a part of what is behind it away it still does what it can. A stream service is ready when it has its tasks
    # and their state is caught up.
    readinessProbe:
      httpGet:
        path: {{ ternary "/health/live" "/health/ready" (eq .values.kind "api") }}
        port: {{ ternary "http" "metrics" (eq .values.kind "api") }}
      periodSeconds: 5
      timeoutSeconds: 5
    {{- end }}
    volumeMounts:
      - name: data
        mountPath: /data
      - name: authorities
        mountPath: /authorities
        readOnly: true
      {{- if not .serves }}
      - name: broker-passwords
        mountPath: /broker-passwords
        readOnly: true
      {{- end }}
      {{- if .values.keys }}
      - name: keys
        mountPath: /keys
        readOnly: true
      - name: personal-keys
        mountPath: /personal-keys
      - name: key-store
        mountPath: /key-store
        readOnly: true
      {{- end }}
volumes:
  - name: data
    emptyDir:
      sizeLimit: 64Mi
  - name: authorities
    secret:
      secretName: {{ .values.authoritySecret }}
      optional: true
  {{- if not .serves }}
  - name: broker-passwords
    secret:
      secretName: {{ .values.brokerSecrets }}-passwords
      defaultMode: 288
      optional: true
  {{- end }}
  {{- if .values.keys }}
  - name: keys
    secret:
      secretName: {{ .values.keySecret }}
      defaultMode: 288
  - name: personal-keys
    persistentVolumeClaim:
      claimName: {{ .values.personalKeysClaim }}
  - name: key-store
    secret:
      secretName: {{ .values.keyStoreSecret }}
      defaultMode: 288
      optional: true
  {{- end }}
{{- end }}
