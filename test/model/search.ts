import { checkBooks, checkRest } from './properties.ts'
import { type Scene, Violation, type World } from './scene.ts'
import { type Move } from './moves.ts'

/** What happened before a property was found broken: the fewest disturbances, and of those the fewest steps. */
export interface Counterexample { readonly why: string, readonly steps: readonly string[] }

/** The graph of all worlds that can be reached with at most `bound` disturbances. */
export interface Graph {
  readonly worlds: number
  readonly transitions: number
  /** Most moves of a shortest way to any world. */
  readonly depth: number
  readonly rests: number
  readonly bound: number
  isRest (world: number): boolean
  /** Calls back for every edge out of a world. */
  edges (from: number, each: (to: number, kind: Move['kind']) => void): void
  /** The shortest way to a world, as ids of moves. */
  wayTo (world: number): readonly string[]
  /** The move that leads from one world to the other. */
  moveId (from: number, to: number): string
}

/** More worlds than this do not fit into one hash table of the engine. */
export const mostWorlds = 16_000_000

/**
 * Breadth-first search, a layer for every number of disturbances: first everything that can happen without any, then with one, and so
 * on. A world is expanded once, in the lowest layer that reaches it: what can follow with few disturbances left can follow with more.
 *
 * @throws {RangeError} when there are more than `mostWorlds`.
 */
export class Search {
  readonly #scene: Scene
  readonly #own: readonly Move[]
  readonly #moves: readonly Move[]
  readonly #bound: number
  readonly #index = new Map<string, number>()
  readonly #keys: string[] = []
  readonly #layers: number[] = []
  readonly #depths: number[] = []
  readonly #parents: number[] = []
  readonly #parentMoves: number[] = []
  readonly #edgeStart: number[] = []
  readonly #edgeEnd: number[] = []
  readonly #edgeTo: number[] = []
  readonly #edgeMove: number[] = []
  readonly #rests = new Set<number>()
  #layer = 0
  /** Worlds to expand in this layer, by depth, and those of the next. */
  #here: number[][] = []
  #next: number[] = []

  constructor (scene: Scene, own: readonly Move[], disturbances: readonly Move[], bound: number) {
    this.#scene = scene
    this.#own = own
    this.#moves = [...own, ...disturbances]
    this.#bound = bound
  }

  /** Visits everything. Resolves with the graph, or with a way to a broken property. */
  async run (start: World): Promise<Graph | Counterexample> {
    this.#reach(start, -1, -1, 0)
    for (this.#layer = 0; this.#layer <= this.#bound; this.#layer++) {
      for (const from of this.#takeByDepth()) {
        const world = decode(this.#keys[from] as string)
        const pending = this.#scene.prepare(world)
        if (pending !== null) await pending
        const broken = this.#expand(from, world)
        if (broken !== undefined) return broken
      }
      this.#here = []
      for (const world of this.#next) if (this.#layers[world] === this.#layer + 1) this.#enqueue(world)
      this.#next = []
    }
    return this.#graph()
  }

  * #takeByDepth (): Iterable<number> {
    for (let depth = 0; depth < this.#here.length; depth++) {
      for (const world of this.#here[depth] ?? []) if (this.#depths[world] === depth && this.#edgeStart[world] === undefined) yield world
      this.#here[depth] = []
    }
  }

  #enqueue (world: number): void {
    const depth = this.#depths[world] as number
    const bucket = this.#here[depth]
    if (bucket === undefined) this.#here[depth] = [world]
    else bucket.push(world)
  }

  #expand (from: number, world: World): Counterexample | undefined {
    this.#edgeStart[from] = this.#edgeTo.length
    let moved = false
    let asked = -1
    try {
      for (const [number, move] of this.#moves.entries()) {
        asked = number
        if (move.kind === 'disturbance' ? this.#layer === this.#bound : move.kind === 'quiet' && moved) continue
        const next = move.apply(world)
        if (next === undefined) continue
        moved ||= move.kind === 'system' || move.kind === 'quiet'
        this.#reach(next, from, number, move.kind === 'disturbance' ? this.#layer + 1 : this.#layer)
      }
      asked = -1
      if (!moved) {
        checkRest(this.#scene, world)
        this.#rests.add(from)
      }
    } catch (error) {
      if (!(error instanceof Violation)) throw error
      return { why: error.message, steps: [...this.#wayTo(from), ...(asked === -1 ? [] : [this.#idOf(asked)])] }
    }
    this.#edgeEnd[from] = this.#edgeTo.length
    return undefined
  }

  #reach (world: World, from: number, move: number, layer: number): void {
    const key = encode(world)
    let to = this.#index.get(key)
    if (to === undefined) {
      to = this.#keys.length
      if (to === mostWorlds) throw new RangeError(`there are more than ${mostWorlds} worlds: lower the bound`)
      for (const { books } of this.#scene.orders) checkBooks(this.#scene.books.get(world[books] as number))
      this.#index.set(key, to)
      this.#keys.push(key)
      this.#settle(to, from, move, layer)
    } else if (this.#edgeStart[to] === undefined && this.#isNearer(to, from, layer)) this.#settle(to, from, move, layer)
    if (from === -1) return
    this.#edgeTo.push(to)
    this.#edgeMove.push(move)
  }

  #isNearer (to: number, from: number, layer: number): boolean {
    const known = this.#layers[to] as number
    return layer < known || (layer === known && (this.#depths[from] as number) + 1 < (this.#depths[to] as number))
  }

  /** Puts a world into its layer, or on a shorter way than it was seen on before. */
  #settle (to: number, from: number, move: number, layer: number): void {
    this.#layers[to] = layer
    this.#parents[to] = from
    this.#parentMoves[to] = move
    this.#depths[to] = from === -1 ? 0 : (this.#depths[from] as number) + 1
    if (layer === this.#layer) this.#enqueue(to)
    else this.#next.push(to)
  }

  #wayTo (world: number): readonly string[] {
    const steps: string[] = []
    for (let at = world; this.#parents[at] !== -1; at = this.#parents[at] as number) steps.unshift(this.#idOf(this.#parentMoves[at] as number))
    return steps
  }

  #idOf (move: number): string {
    return (this.#moves[move] as Move).id
  }

  #graph (): Graph {
    const edgesOf = (from: number): readonly [start: number, end: number] => [this.#edgeStart[from] ?? 0, this.#edgeEnd[from] ?? 0]
    return {
      worlds: this.#keys.length,
      transitions: this.#edgeTo.length,
      depth: this.#depths.reduce((deepest, depth) => Math.max(deepest, depth), 0),
      rests: this.#rests.size,
      bound: this.#bound,
      isRest: world => this.#rests.has(world),
      edges: (from, each) => {
        const [start, end] = edgesOf(from)
        for (let edge = start; edge < end; edge++) each(this.#edgeTo[edge] as number, (this.#moves[this.#edgeMove[edge] as number] as Move).kind)
      },
      wayTo: world => this.#wayTo(world),
      moveId: (from, to) => {
        const [start, end] = edgesOf(from)
        for (let edge = start; edge < end; edge++) if (this.#edgeTo[edge] === to) return this.#idOf(this.#edgeMove[edge] as number)
        throw new RangeError('no such edge')
      }
    }
  }
}

const highDigit = 0x8000

/** The numbers of a world as a string: one unit for a number below 32,768, else two. */
function encode (world: World): string {
  let key = ''
  for (const id of world) key += id < highDigit ? String.fromCharCode(id) : String.fromCharCode(highDigit | id >>> 15, id & 0x7fff)
  return key
}

function decode (key: string): World {
  const world: number[] = []
  for (let at = 0; at < key.length; at++) {
    const unit = key.charCodeAt(at)
    world.push(unit < highDigit ? unit : (unit & 0x7fff) << 15 | key.charCodeAt(++at))
  }
  return world
}
