/** A program that checks what operators get. Each is built by Go from its module, at the version that everything here was checked with. */
export interface Tool {
  readonly version: string
  readonly path: string
  /** What it checks, for people. */
  readonly checks: string
  /** Build tags: parts that are not needed, and take most of the time. */
  readonly tags?: string
}

/** The tools, by the name of their program. */
export const tools = {
  promtool: {
    version: 'v0.316.0',
    path: 'github.com/prometheus/prometheus/cmd/promtool',
    checks: 'Prometheus configuration, alert rules and their tests',
    tags: 'remove_all_sd,enable_file_sd'
  },
  helm: { version: 'v3.22.0', path: 'helm.sh/helm/v3/cmd/helm', checks: 'charts' },
  kustomize: { version: 'v5.8.1', path: 'sigs.k8s.io/kustomize/kustomize/v5', checks: 'overlays' },
  kubeconform: { version: 'v0.8.0', path: 'github.com/yannh/kubeconform/cmd/kubeconform', checks: 'manifests against the schemas of Kubernetes' },
  conftest: { version: 'v0.71.1', path: 'github.com/open-policy-agent/conftest', checks: 'manifests against ops/policies' },
  actionlint: { version: 'v1.7.12', path: 'github.com/rhysd/actionlint/cmd/actionlint', checks: 'workflows' },
  gitleaks: { version: 'v8.30.1', path: 'github.com/zricethezav/gitleaks/v8', checks: 'secrets in the history' }
} as const satisfies Readonly<Record<string, Tool>>

export type ToolName = keyof typeof tools
export const toolNames = Object.keys(tools) as readonly ToolName[]
