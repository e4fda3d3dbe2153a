/** Series of a test of a rule: promtool's notation, one value a minute. */
export interface Scene {
  readonly series: Readonly<Record<string, string>>
  /** When the rule is judged, as a duration from the start of the series. */
  readonly at: string
}

/** A rule, with a scene in which it fires and one in which it does not. */
export interface Alert {
  /** Also the name of its runbook. */
  readonly name: string
  readonly expr: string
  /** How long it must be true. @default at once */
  readonly for?: string
  /** page: somebody gets up. ticket: somebody looks in working hours. */
  readonly severity: 'page' | 'ticket'
  readonly summary: string
  /** What tells several rules of one name apart. */
  readonly labels?: Readonly<Record<string, string>>
  /** The labels that the series of `fires` give it. */
  readonly fires: Scene & { readonly labels: Readonly<Record<string, string>>, readonly summary: string }
  readonly staysSilent: Scene
}

export interface AlertGroup { readonly name: string, readonly alerts: readonly Alert[] }
