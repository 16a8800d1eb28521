/**
 * Functions that are made of ops and called as one: a loss, a normalisation, a product with its bias. The tape keeps the
 * ops, and notes on the result which call it was, so that the calls can be shown as the program has them.
 */
import { youngestNode } from './tape.ts'
import { Tensor } from './tensor.ts'

/** `fn`, whose results remember that they are those of a call of `name`. */
export function composite<F extends (...args: never[]) => unknown>(name: string, fn: F): F {
  const run = (...args: never[]) => {
    const after = youngestNode()
    const made = fn(...args)
    if (made instanceof Tensor) mark(made, name, after)
    else if (typeof made === 'object' && made !== null)
      for (const y of Object.values(made)) if (y instanceof Tensor) mark(y, name, after)
    return made
  }
  return Object.defineProperty(run, 'name', { value: name }) as unknown as F
}

function mark({ gradFn }: Tensor, name: string, after: number): void {
  if (gradFn !== null && gradFn.sequence > after) gradFn.composite = { name, after, inner: gradFn.composite }
}
