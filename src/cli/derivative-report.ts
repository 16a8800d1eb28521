/** One derivative of a program, as a document that can be read without the rest of the program. */
import { type Block, Document, type RecordedNode } from '../explain/index.ts'
import { valueTable } from '../explain/record/tell.ts'
import type { Subject } from './explain-program.ts'
import { gradientElements } from './gradient-elements.ts'
import { pictureOf } from './picture.ts'
import type { Told } from './told.ts'

/** More values than this are not all looked up by anybody. */
const FEW = 24

export class DerivativeReport extends Document {
  readonly title: string
  readonly #subject: Subject
  readonly #told: Told

  constructor(subject: Subject, told: Told) {
    super()
    this.title = told.explanation.title
    this.#subject = subject
    this.#told = told
  }

  blocks(): Block[] {
    const { explanation, shown } = this.#told
    const { about, recording } = this.#subject
    const values = this.#values()
    return [
      ...(about.length > 0 ? about : [{ is: 'code', text: recording.title } as const]),
      ...gradientElements(this.#told),
      ...shown.blocks(),
      pictureOf(explanation, 'The values on the paths'),
      ...(values.length > 0 ? [valueTable(values)] : []),
    ]
  }

  /** What the names in the explanation stand for: of a larger program, the values on its paths and their operands. */
  #values(): readonly RecordedNode[] {
    const { nodes } = this.#subject.recording
    if (nodes.length <= FEW) return nodes
    const byName = new Map(nodes.map((node) => [node.name, node]))
    const find = (name: string) => byName.get(name) ?? byName.get(name.replace(/\[[\d,]*\]$/, ''))
    const factors = this.#told.explanation.paths.flatMap((path) => path.factors)
    const found = factors.flatMap(({ of, wrt }) => [find(of), find(wrt)]).filter((node) => node !== undefined)
    const operands = found.flatMap(({ inputs }) => inputs.filter((x) => typeof x !== 'number'))
    const [few, many] = [new Set(found), new Set([...found, ...operands])]
    return nodes.filter((node) => (many.size <= FEW ? many : few).has(node)).slice(0, FEW)
  }

  toSvg(): string {
    return this.#told.explanation.toSvg()
  }

  toDot(): string {
    return this.#told.explanation.toDot()
  }

  toJSON(): object {
    return this.#told.shown.toJSON()
  }
}
