/** One station of a story. */
import type { Shape, Tab } from '../../model/store.ts'

export interface Chapter {
  /** Its number, as it stands in the address. */
  readonly part: string
  /** In the strip. */
  readonly station: string
  readonly title: string
  readonly tells: string
  /** Two words for the same thing. */
  readonly pairs: readonly (readonly [string, string])[]
  readonly insight: string
  /** The value that is asked about. */
  readonly select: string
  /** Where the player stands: after the leaves, after forward, or at the end. */
  readonly at: 'leaves' | 'forward' | 'end'
  /** What is told about the value; its derivation unless given. */
  readonly tab?: Tab
  /** How the program is shown; as the reader has it unless given. */
  readonly shape?: Shape
}
