import { type Graph } from './search.ts'

/** The worlds in an order in which every edge that costs no disturbance points forward, and those that lie on a cycle of such edges. */
export interface Sorted { readonly order: Int32Array, readonly cyclic: readonly number[] }

/** Sorts by counting what leads into each world. What is left over in the end lies on a cycle, or behind one. */
export function sortWorlds (graph: Graph): Sorted {
  const into = new Int32Array(graph.worlds)
  for (let world = 0; world < graph.worlds; world++) graph.edges(world, (to, kind) => { if (kind !== 'disturbance') into[to] = (into[to] as number) + 1 })
  const order = new Int32Array(graph.worlds)
  let count = 0
  for (let world = 0; world < graph.worlds; world++) if (into[world] === 0) order[count++] = world
  for (let place = 0; place < count; place++) {
    graph.edges(order[place] as number, (to, kind) => {
      if (kind === 'disturbance') return
      into[to] = (into[to] as number) - 1
      if (into[to] === 0) order[count++] = to
    })
  }
  const cyclic: number[] = []
  for (let world = 0; world < graph.worlds && count < graph.worlds; world++) if ((into[world] as number) > 0) cyclic.push(world)
  return { order: order.subarray(0, count), cyclic }
}

/**
 * A cycle: the same things happen for ever, and nothing comes of it. Ids of moves: the way there, and the round. Every world that was
 * left over has another before it, so going backwards ends in a round.
 */
export function showLivelock (graph: Graph, cyclic: readonly number[]): { readonly way: readonly string[], readonly round: readonly string[] } {
  const inside = new Set(cyclic)
  const before = new Map<number, number>()
  for (const world of cyclic) graph.edges(world, (to, kind) => { if (kind !== 'disturbance' && inside.has(to)) before.set(to, world) })
  const path: number[] = []
  let at = cyclic[0] as number
  while (!path.includes(at)) {
    path.push(at)
    at = before.get(at) as number
  }
  const round = [at, ...path.slice(path.indexOf(at) + 1).reverse(), at]
  return { way: graph.wayTo(at), round: round.slice(1).map((to, index) => graph.moveId(round[index] as number, to)) }
}

/** Number of ways from the start to a rest, each with at most as many disturbances as the search had. A float: it can be astronomic. */
export function countPaths (graph: Graph, { order }: Sorted): number {
  let fewer = new Float64Array(graph.worlds)
  for (let left = 0; left <= graph.bound; left++) {
    const ways = new Float64Array(graph.worlds)
    for (let place = order.length - 1; place >= 0; place--) {
      const world = order[place] as number
      let sum = graph.isRest(world) ? 1 : 0
      graph.edges(world, (to, kind) => { sum += kind === 'disturbance' ? fewer[to] as number : ways[to] as number })
      ways[world] = sum
    }
    fewer = ways
  }
  return fewer[0] as number
}
