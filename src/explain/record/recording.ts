/** What a recording has seen: the values of the program, the steps it took forward and backward, its lines. */
import { checkOptions } from '../../errors/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import { collapse } from '../draw/collapse.ts'
import { pictureToDot } from '../draw/dot.ts'
import { pictureToSvg, type SvgOptions } from '../draw/svg.ts'
import { type Block, Document } from '../render/document.ts'
import type { BackwardCall } from './kept.ts'
import { type Line, linesOf } from './lines.ts'
import type { RecordedNode } from './node.ts'
import { RecordedNodes } from './nodes.ts'
import { pictureOf } from './picture.ts'
import type { Recorder } from './recorder.ts'
import { type State, type Step, Steps } from './steps.ts'
import { tellRecording } from './tell.ts'
import { type Trace, traceOf } from './trace.ts'

export interface TraceOptions {
  /** Tensors of more elements are summed up instead of listed; 256 unless given. */
  readonly maxElements?: number
  /** The values together list at most so many numbers: the largest are summed up first. No limit unless given. */
  readonly maxNumbers?: number
}

/** More boxes than this are no picture. */
const SHOWN = 150

export class Recording<T = unknown> extends Document {
  readonly title: string
  /** What the recorded function returned. */
  readonly value: T
  /** Every value of the program in the order of creation. */
  readonly nodes: readonly RecordedNode[]
  /** The calls of backward. */
  readonly calls: readonly BackwardCall[]
  /** Applications of ops that were not kept, because there were more than `maxNodes`. */
  readonly dropped: number
  /** Applications of ops that no derivative can go through: to constants alone, or inside of noGrad. */
  readonly unrecorded: number
  /** The texts of the program's files, by path, where they were given. */
  readonly sources: Readonly<Record<string, string>>
  readonly #nodes: RecordedNodes
  readonly #recorder: Recorder
  #steps: Steps | undefined
  #lines: Line[] | undefined

  constructor(recorder: Recorder, value: T, title: string, sources: Readonly<Record<string, string>>) {
    super()
    this.title = title
    this.value = value
    this.sources = sources
    this.calls = recorder.calls
    this.dropped = recorder.dropped
    this.unrecorded = recorder.unrecorded
    this.#recorder = recorder
    this.#nodes = new RecordedNodes(recorder)
    this.nodes = this.#nodes.list
  }

  /** Leaves, one step per application of an op, then per call of backward its seed and one step per node it visited. */
  get steps(): readonly Step[] {
    return this.#walk.list
  }

  get #walk(): Steps {
    this.#steps ??= new Steps(this.#nodes, this.calls)
    return this.#steps
  }

  /** What is known after step `index`: which values, and what has arrived of each gradient. */
  stateAt(index: number): State {
    return this.#walk.stateAt(index)
  }

  /** The source lines of the program, with the values each made and the variables it set. */
  get lines(): readonly Line[] {
    this.#lines ??= linesOf(this.nodes, this.#recorder.assignments, this.#recorder.events)
    return this.#lines
  }

  /** The value that a tensor of the program is; undefined where the recording has not seen it. */
  find(x: Tensor): RecordedNode | undefined {
    return this.#nodes.find(x)
  }

  /** Bytes that the program held for backward, counted once per op that reads them. */
  get savedBytes(): number {
    return this.nodes.reduce((bytes, node) => bytes + node.savedBytes, 0)
  }

  blocks(): Block[] {
    return tellRecording(this)
  }

  /** The graph of the program as a picture; of a large one, modules and functions are closed. */
  toSvg(options: SvgOptions = {}): string {
    return pictureToSvg(collapse(pictureOf(this), { maxNodes: SHOWN }), options)
  }

  /** The graph in the language of Graphviz, whole. */
  toDot(): string {
    return pictureToDot(pictureOf(this))
  }

  /** The trace as plain data: see docs/trace-format.md. */
  toTrace(options: TraceOptions = {}): Trace {
    checkOptions('toTrace', options, ['maxElements', 'maxNumbers'])
    const { maxElements = 256, maxNumbers = Number.POSITIVE_INFINITY } = options
    return traceOf(this, Math.min(maxElements, this.#largestListed(maxNumbers)))
  }

  toJSON(): Trace {
    return this.toTrace()
  }

  /** The size up to which values are listed, so that these are `most` numbers together. */
  #largestListed(most: number): number {
    let sum = 0
    const sizes = this.nodes.map(({ value }) => value.size).sort((a, b) => a - b)
    const left = sizes.find((size) => (sum += size) > most)
    return left === undefined ? Number.POSITIVE_INFINITY : left - 1
  }
}
