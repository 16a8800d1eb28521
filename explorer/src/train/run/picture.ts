/** What is shown of a network besides numbers: what it makes of every place of the plane, or of a few digits. */
import { cat, type Tensor, tensor } from 'chainrule'
import { SPAN } from '../data/points.ts'
import type { Samples } from '../data/samples.ts'
import type { Examples } from '../protocol.ts'

/** The plane is asked at GRID × GRID places. */
export const GRID = 56

/** So many digits are shown. */
const SHOWN = 12

const isPlane = ({ features }: Samples): boolean => features === 2

/** What a picture is of, [n, features]: places of the plane, rows from top to bottom, then the points; or a few digits. */
export function subjectOf(samples: Samples): Tensor {
  if (!isPlane(samples)) return samples.heldOut.x.narrow(0, 0, SHOWN)
  const at = (i: number) => SPAN * ((2 * i + 1) / GRID - 1)
  const places = Float32Array.from({ length: 2 * GRID * GRID }, (_, k) => {
    const cell = k >> 1
    return k % 2 === 0 ? at(cell % GRID) : -at(Math.floor(cell / GRID))
  })
  return cat([tensor(places).reshape([GRID * GRID, 2]), samples.train.x, samples.heldOut.x])
}

export function examplesOf(samples: Samples): Examples {
  const { train, heldOut } = samples
  const numbers = (x: Tensor) => Array.from(x.data, Number)
  if (!isPlane(samples))
    return {
      x: Float32Array.from(numbers(heldOut.x.narrow(0, 0, SHOWN))),
      labels: numbers(heldOut.y).slice(0, SHOWN),
      train: 0,
    }
  return {
    x: Float32Array.from([...numbers(train.x), ...numbers(heldOut.x)]),
    labels: [...numbers(train.y), ...numbers(heldOut.y)],
    train: train.x.shape[0],
  }
}
