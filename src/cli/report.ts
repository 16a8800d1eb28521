/** A program and what was asked about it, as one document. */

import type { Explanation, Recording } from '../explain/index.ts'
import { type Block, Document } from '../explain/index.ts'

export class Report extends Document {
  readonly title: string
  readonly recording: Recording
  readonly explanations: readonly Explanation[]

  constructor(recording: Recording, explanations: readonly Explanation[]) {
    super()
    this.title = recording.title
    this.recording = recording
    this.explanations = explanations
  }

  blocks(): Block[] {
    const picture: Block = { is: 'picture', svg: this.recording.toSvg(), alt: 'The graph of the program' }
    return [
      ...this.recording.blocks(),
      picture,
      ...this.explanations.flatMap((e): Block[] => [{ is: 'heading', text: e.title, level: 2 }, ...e.blocks()]),
    ]
  }

  toSvg(): string {
    return this.recording.toSvg()
  }

  toDot(): string {
    return this.recording.toDot()
  }

  toJSON(): object {
    return { trace: this.recording.toJSON(), explanations: this.explanations.map((e) => e.toJSON()) }
  }
}
