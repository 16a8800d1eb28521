/** A derivative that was asked for: by what, its explanation, and the form in which that is shown. */
import type { Explanation, GradientTable, RecordedNode } from '../explain/index.ts'

export interface Told {
  readonly node: RecordedNode
  /** Whose choice the element is: the user's, the largest of what the user has named, or the largest of all there is. */
  readonly element: 'named' | 'largest' | 'chosen'
  readonly explanation: Explanation
  readonly shown: Explanation | GradientTable
}
