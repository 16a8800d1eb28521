/**
 * What stands in the place of elements that are not there yet: while a function is traced its tensors have a shape and a
 * dtype, but no values. Whoever reads one gets an error that says what to do instead.
 */
import { CompileError } from '../../errors/index.ts'
import { shapeText } from '../../ops/shape.ts'
import type { TypedArray } from '../../ops/value.ts'
import { calledIn, siteOf, type Tensor } from '../../tensor/index.ts'

const poisons = new WeakSet<object>()

/** An array every access to which is the error that `refusal` makes. */
export function poison(refusal: () => CompileError): TypedArray {
  const refuse = (): never => {
    throw refusal()
  }
  const made = new Proxy({} as TypedArray, {
    get: refuse,
    set: refuse,
    has: refuse,
    getPrototypeOf: refuse,
    ownKeys: refuse,
    getOwnPropertyDescriptor: refuse,
  })
  poisons.add(made)
  return made
}

export const isPoison = (buffer: TypedArray): boolean => poisons.has(buffer)

/** A value was read while tracing; of x, where that is known. */
export const unread = (x: Tensor | null): CompileError =>
  new CompileError(
    `compile: ${reading(x)}, which is not there yet: a compiled function is run once without values, to be written down. Return ` +
      'the tensor and read it outside, choose by value with where(), or leave this part outside of the compiled function',
  )

/** A tensor that was made while tracing was used afterwards. */
export const escaped = (x: Tensor | null): CompileError =>
  new CompileError(
    `compile: ${reading(x)}, which was made while a function was traced and left it by other ways than being returned, so ` +
      'that it has no values; return it from the function, in arrays and plain objects if need be (not in a Map, an ' +
      'instance of a class or a function)',
  )

/** How far up the stack the line of the user is looked for. */
const FRAMES = 64

/** "item (train.ts:12:7) reads a tensor 'w' [2, 3]" */
function reading(x: Tensor | null): string {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = FRAMES
  const error = new Error()
  Error.stackTraceLimit = limit
  const site = siteOf(error)
  const who = calledIn(error) ?? 'the function'
  const what = x ? `a tensor${x.name ? ` '${x.name}'` : ''} ${shapeText(x.shape)}` : 'the values of a tensor'
  return `${who}${site ? ` (${site})` : ''} reads ${what}`
}
