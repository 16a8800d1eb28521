/** One value of a recorded program: what it was, where it came from, and what backward brought to it. */
import { isFloating } from '../../ops/dtype.ts'
import { add } from '../../ops/elementwise/add.ts'
import type { Attrs } from '../../ops/value.ts'
import { type Frame, frameOf, type Tensor, withoutRecording } from '../../tensor/index.ts'
import { localSlopes } from '../graph/local.ts'
import type { BackwardCall, Visit } from './kept.ts'
import type { Event, Iteration } from './recorder.ts'

/** What goes into an argument slot: another value of the program, or a number. */
export type Slot = RecordedNode | number

/** What is known of a value before it has its place and its name. */
export interface NodeData {
  readonly kind: 'parameter' | 'constant' | 'result'
  readonly inputs: readonly Slot[]
  readonly tensor: Tensor
  readonly value: Tensor
  readonly scope: readonly string[]
  readonly application: number
  readonly output: number
  readonly event: Event | null
}

export class RecordedNode {
  /** Its place in the order of creation. */
  readonly id: number
  readonly name: string
  /** Whether the program itself calls it so; otherwise it is numbered. */
  readonly named: boolean
  /** Leaves are parameters, which require a gradient, or constants. */
  readonly kind: 'parameter' | 'constant' | 'result'
  /** What went into the op, in the order of its arguments. */
  readonly inputs: readonly Slot[]
  /** The tensor of the program. */
  readonly tensor: Tensor
  /** Its elements as they were then. */
  readonly value: Tensor
  /** The modules and functions it was computed in, the outermost first. */
  readonly scope: readonly string[]
  /** Which application of an op computed it, counting from 0, and which of its results it is; -1 for leaves. */
  readonly application: number
  readonly output: number
  /** What reads it, and as which argument. */
  readonly uses: { readonly node: RecordedNode; readonly slot: number }[] = []
  readonly #event: Event | null
  #source: Frame | undefined | null = null

  constructor(data: NodeData, id: number, name: string, named: boolean) {
    this.id = id
    this.name = name
    this.named = named
    this.kind = data.kind
    this.inputs = data.inputs
    this.tensor = data.tensor
    this.value = data.value
    this.scope = data.scope
    this.application = data.application
    this.output = data.output
    this.#event = data.event
  }

  /** The op that computed it; null for leaves. */
  get op(): string | null {
    return this.#event?.node.op.name ?? null
  }

  get attrs(): Attrs {
    return this.#event?.node.attrs ?? {}
  }

  /** Where in the program it was computed; undefined for leaves and where the platform does not tell. */
  get source(): Frame | undefined {
    // Reading a stack costs as much as several ops: it is read once, and only if somebody asks.
    if (this.#source === null) this.#source = placeOf(this.#event)
    return this.#source
  }

  /** The loops that were running, the outermost first, and their passes; known of instrumented programs. */
  get iterations(): readonly Iteration[] {
    return this.#event?.iterations ?? []
  }

  get requiresGrad(): boolean {
    return this.kind === 'parameter' || (this.kind === 'result' && isFloating(this.value.dtype))
  }

  /** The calls of backward that came by here. */
  get calls(): readonly BackwardCall[] {
    if (this.#event) return this.#event.kept.visits.map((visit) => visit.call)
    return [
      ...new Set(
        this.uses.flatMap(({ node, slot }) => node.visits.flatMap((v) => (v.contributions[slot] ? [v.call] : []))),
      ),
    ]
  }

  /** Backward at the application that computed it, one visit per call. */
  get visits(): readonly Visit[] {
    return this.#event?.kept.visits ?? []
  }

  /** The derivative by this value, of one call of backward or summed over all; null where none arrived. */
  gradient(call?: BackwardCall): Tensor | null {
    if (this.#event) {
      const visits = this.visits.filter((visit) => call === undefined || visit.call === call)
      return total(visits.map((visit) => visit.cotangents[this.output]))
    }
    return total(this.uses.map(({ node, slot }) => node.contribution(slot, call)))
  }

  /** What backward sends on to the value in a slot: the cotangent times the local derivative. */
  contribution(slot: number, call?: BackwardCall): Tensor | null {
    // Results of one application share its visits; the first of them speaks for all.
    if (this.output !== 0) return null
    const visits = this.visits.filter((visit) => call === undefined || visit.call === call)
    return total(visits.map((visit) => visit.contributions[slot]))
  }

  /**
   * The local derivative by a slot where it is one number per element: of an elementwise op in the shape of the result,
   * of a reduction in that of the operand; null for others.
   */
  local(slot: number): Tensor | null {
    const input = this.inputs[slot]
    if (!this.#event || typeof input === 'number') return null
    const { node, kept } = this.#event
    return localSlopes(
      { node, op: node.op, attrs: node.attrs, origins: kept.operands, inputs: kept.inputs, outputs: kept.outputs },
      slot,
    )
  }

  /** Bytes of operands and results that the pullback reads, so that they are held until backward has come by. */
  get savedBytes(): number {
    if (!this.#event || this.output !== 0) return 0
    const { node, kept } = this.#event
    const wanted = this.inputs.map((x) => typeof x !== 'number' && x.requiresGrad)
    const held = [
      ...kept.inputs.filter((x, i): x is Tensor => typeof x !== 'number' && node.op.reads(i, wanted)),
      ...(node.op.reads(-1, wanted) ? kept.outputs : []),
    ]
    return held.reduce((bytes, x) => bytes + x.size * x.buffer.BYTES_PER_ELEMENT, 0)
  }
}

/** Files by their paths, as instrumented programs name them. */
function placeOf(event: Event | null): Frame | undefined {
  const frame = frameOf(event?.site)
  if (!event || !frame) return undefined
  const path = frame.file.startsWith('file://') ? decodeURI(frame.file.slice(7)) : frame.file
  const { root } = event
  return { ...frame, file: path.startsWith(root) ? path.slice(root.length) : path }
}

function total(parts: readonly (Tensor | null | undefined)[]): Tensor | null {
  return withoutRecording(() =>
    parts.reduce<Tensor | null>((sum, part) => (sum && part ? add(sum, part) : (sum ?? part ?? null)), null),
  )
}
