import { type SubTopology, type Topology } from '#streams'
import { notificationsName } from '../../topology/notifications/channel-effect.ts'
import { privacyName } from '../../topology/privacy/process-privacy.ts'
import { OpsError } from '../errors.ts'
import { type Principal } from '../provision/access.ts'
import { type Role } from './options.ts'
import { type StreamService, serviceOf, streamServices } from './services.ts'

/** What a role does in its process. */
export interface Duties {
  readonly provision: boolean
  /** Which sub-topologies run: those of a kind, or those of one service. */
  readonly streams: 'none' | 'processors' | 'sinks' | 'all' | StreamService
  readonly api: boolean
  readonly play: boolean
  /** In whose name it comes to a secure local broker. */
  readonly principal: Principal | 'admin'
}

const ofServices = Object.fromEntries(
  streamServices.map(service => [service, { provision: false, streams: service, api: false, play: false, principal: service }])
) as Record<StreamService, Duties>

export const duties: Readonly<Record<Role, Duties>> = {
  ...ofServices,
  all: { provision: true, streams: 'all', api: true, play: true, principal: 'admin' },
  processor: { provision: false, streams: 'processors', api: false, play: false, principal: 'processors' },
  sink: { provision: false, streams: 'sinks', api: false, play: false, principal: 'sink' },
  api: { provision: false, streams: 'none', api: true, play: false, principal: 'api' },
  provision: { provision: true, streams: 'none', api: false, play: false, principal: 'admin' },
  player: { provision: false, streams: 'none', api: false, play: true, principal: 'admin' }
}

const kinds: Readonly<Partial<Record<Duties['streams'], ReadonlyArray<SubTopology['kind']>>>> = {
  none: [], processors: ['processor'], sinks: ['sink'], all: ['processor', 'sink']
}

function runs (streams: Duties['streams'], node: SubTopology): boolean {
  return kinds[streams]?.includes(node.kind) ?? serviceOf(node) === streams
}

/**
 * Names of the sub-topologies that a role runs, narrowed by `--only`.
 *
 * @throws {OpsError} OPS_OPTION_INVALID when `--only` names one that the role does not have.
 */
export function nodesOf (topology: Topology, streams: Duties['streams'], only: readonly string[] | undefined): readonly string[] {
  const names = topology.nodes.filter(node => runs(streams, node)).map(node => node.name)
  const stranger = only?.find(name => !names.includes(name))
  if (stranger !== undefined) throw new OpsError('OPS_OPTION_INVALID', { problem: `--only names '${stranger}'; this role has ${names.join(', ')}` })
  return only ?? names
}

/** Sub-topologies that open personal data, or destroy its keys. All others carry it sealed, as it came. */
const personalNodes: readonly string[] = [notificationsName, privacyName]

/** True when a process needs the master key of personal data: who takes or shows it, who makes the first administrator, and those sub-topologies. */
export function needsMasterKey ({ api, play, provision }: Duties, nodes: readonly string[]): boolean {
  return api || play || provision || nodes.some(name => personalNodes.includes(name))
}
