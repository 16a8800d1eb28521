/** `explainRecorded`: numbers of a recording by where they stand in its trace, as a page or another process names them. */
import { ArgumentError, IndexError } from '../../errors/index.ts'
import { shown } from '../../ops/arguments.ts'
import { shapeText } from '../../ops/shape.ts'
import type { Tensor } from '../../tensor/index.ts'
import { Recording } from '../record/recording.ts'
import { explain } from './explain.ts'
import type { Explanation } from './explanation.ts'

/** One number of a recorded value. */
export interface RecordedElement {
  /** The place of the value in `recording.nodes`, its `id` in a trace. */
  readonly node: number
  /** Which of its elements, in row-major order. */
  readonly index: number
}

/**
 * Explains the derivative of one number of a recorded program by another, as explain() does, with the names of the
 * recording. The program itself is not needed: its recording keeps every value.
 * @throws ArgumentError or IndexError for a number that the recording does not have; what explain() throws.
 * @example const r = record(() => tensor(3, { requiresGrad: true }).square().backward()); explainRecorded(r, { node: 1, index: 0 }, { node: 0, index: 0 }).gradient // 6
 */
export function explainRecorded(recording: Recording, output: RecordedElement, input: RecordedElement): Explanation {
  if (!(recording instanceof Recording))
    throw new ArgumentError(`explainRecorded: needs what record() returns, got ${shown(recording)}`)
  const y = tensorOf(recording, 'output', output)
  const x = tensorOf(recording, 'input', input)
  const one = y.size === 1 ? y : y.at(...indexOf(y, output.index))
  return explain(one, x, indexOf(x, input.index), { names: recording })
}

function tensorOf({ nodes }: Recording, role: string, element: RecordedElement): Tensor {
  const { node, index } = element ?? {}
  if (!Number.isSafeInteger(node) || !Number.isSafeInteger(index))
    throw new ArgumentError(`explainRecorded: the ${role} is { node, index }, two integers, got ${shown(element)}`)
  const found = nodes[node]
  if (!found) throw new IndexError(`explainRecorded: there is no node ${node}; the recording has ${nodes.length}`)
  const { tensor } = found
  if (index < 0 || index >= tensor.size)
    throw new IndexError(
      `explainRecorded: node ${node} ${shapeText(tensor.shape)} has no element ${index}; it has ${tensor.size}`,
    )
  return tensor
}

/** One integer per dimension, of an element in row-major order. */
function indexOf({ shape }: Tensor, flat: number): number[] {
  let rest = flat
  return shape
    .toReversed()
    .map((size) => {
      const i = rest % size
      rest = Math.floor(rest / size)
      return i
    })
    .reverse()
}
