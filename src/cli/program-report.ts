/** A program and the derivatives of its output by several values, as one document: the answers first, then why. */
import { inWords } from '../explain/formula/nearest.ts'
import { type Block, Document, type RecordedNode, shortNumber } from '../explain/index.ts'
import { equals, number, partial } from '../explain/render/typeset.ts'
import type { Subject } from './explain-program.ts'
import { gradientElements } from './gradient-elements.ts'
import { pictureOf } from './picture.ts'
import type { Told } from './told.ts'

/** The values of a larger program come after what was asked for. */
const FEW = 40

export class ProgramReport extends Document {
  readonly title: string
  readonly #subject: Subject
  readonly #told: readonly Told[]
  /** Inputs for which there was no room. */
  readonly #others: readonly RecordedNode[]

  constructor(subject: Subject, told: readonly Told[], others: readonly RecordedNode[]) {
    super()
    this.title = subject.recording.title
    this.#subject = subject
    this.#told = told
    this.#others = others
  }

  blocks(): Block[] {
    const { recording, about } = this.#subject
    // The first block counts what the next one shows.
    const [, ...values] = recording.blocks()
    const program: Block[] = [...values, pictureOf(recording, 'The graph of the program')]
    const derivations = this.#told.flatMap((told): Block[] => [
      { is: 'heading', text: told.explanation.title, level: 2 },
      ...gradientElements(told),
      ...told.shown.blocks(),
    ])
    const parts = recording.nodes.length <= FEW ? [program, derivations] : [derivations, program]
    return [...about, ...this.#answers(), ...parts.flat()]
  }

  #answers(): Block[] {
    const [{ explanation }] = this.#told
    const lines = this.#told.map(({ explanation: e }) => equals(partial(e.output, e.input), number(e.gradient)))
    const such = lines.length === 1 ? 'derivative is' : 'derivatives are'
    const hints = [...this.#elements(), ...this.#rest()].join(' ')
    return [
      { is: 'paragraph', parts: [`${explanation.output} = ${shortNumber(explanation.value)}, and its ${such}`] },
      { is: 'formula', lines },
      ...(hints === '' ? [] : [{ is: 'paragraph', parts: [hints] } as const]),
    ]
  }

  /** Which elements were chosen, where nobody else has chosen. */
  #elements(): string[] {
    const chosen = this.#told.filter(({ node, element }) => element === 'chosen' && node.value.size > 1)
    if (chosen.length === 0) return []
    const [{ node }] = chosen
    const names = inWords(chosen.map((told) => told.node.name))
    const first = `${node.name}[${node.value.shape.map(() => 0)}]`
    return [`Of ${names}, the element with the largest derivative is taken; --wrt "${first}" takes another.`]
  }

  #rest(): string[] {
    if (this.#others.length === 0) return []
    const count = this.#told.length + this.#others.length
    return [`These are the largest of ${count} inputs; --wrt ${this.#others[0].name} takes another.`]
  }

  toSvg(): string {
    return this.#subject.recording.toSvg()
  }

  toDot(): string {
    return this.#subject.recording.toDot()
  }

  /** A trace that has explanations as well: see docs/trace-format.md. */
  toJSON(): object {
    return { ...this.#subject.recording.toTrace(), explanations: this.#told.map(({ shown }) => shown.toJSON()) }
  }
}
