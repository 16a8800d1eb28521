/** A graph as a block of a document. */
import type { Block } from '../explain/index.ts'

/** It is drawn when it is read: text has no use for it. */
export function pictureOf(graph: { toSvg(): string }, alt: string): Block {
  return {
    is: 'picture',
    alt,
    get svg() {
      return graph.toSvg()
    },
  }
}
