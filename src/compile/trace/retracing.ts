/**
 * Tracing takes thousands of times as long as a call. A function that is traced at every call is therefore slower than one
 * that is not compiled, which nobody notices by its numbers: it is said once, with what is different each time.
 */
import { sameShape, shapeText } from '../../ops/shape.ts'
import type { Pattern, Signature, TensorPattern } from './signature.ts'

/** So many traces in a row that were not used again are no coincidence. */
const MANY = 20

export class Retracing {
  private readonly name: string
  private last: Signature | null = null
  private traces = 0

  constructor(name: string) {
    this.name = name
  }

  /** A trace was used again. */
  reused(): void {
    this.traces = 0
  }

  /** A call was traced. Warns once. */
  traced(signature: Signature): void {
    const { last } = this
    this.last = signature
    if (++this.traces !== MANY || !last) return
    console.warn(
      `compile: ${this.name || 'a function'} was traced ${MANY} times in a row, which makes it slow: ` +
        `${difference(last.pattern, signature.pattern, '') ?? OUTSIDE}`,
    )
    this.traced = () => {}
  }
}

const OUTSIDE =
  'its arguments are alike, but what it uses without being given it (modules, their attributes, hooks, gradients, which ' +
  'arguments share memory) changes each time'

/** What differs first between two calls, in words. */
function difference(a: Pattern, b: Pattern, path: string): string | null {
  const told = (what: string) => `argument ${path} ${what}`
  if (a.is === 'tensor' && b.is === 'tensor') return tensors(a, b, told)
  if (a.is === 'list' && b.is === 'list') {
    if (a.items.length !== b.items.length)
      return path === '' ? 'it is given another number of arguments each time' : told('has another length each time')
    return first(a.items, b.items, (i) => (path === '' ? `${i + 1}` : `${path}.${i}`))
  }
  if (a.is === 'record' && b.is === 'record') {
    if (a.keys.join() !== b.keys.join()) return told('has other keys each time')
    return first(a.items, b.items, (i) => `${path}.${a.keys[i]}`)
  }
  if (a.is === 'static' && b.is === 'static') return Object.is(a.value, b.value) ? null : told(values(a.value, b.value))
  if (a.is === 'same' && b.is === 'same')
    return a.tensor === b.tensor ? null : told('is another tensor each time, which the function also uses by itself')
  return told('is of another kind each time')
}

function first(a: readonly Pattern[], b: readonly Pattern[], path: (i: number) => string): string | null {
  for (let i = 0; i < a.length; i++) {
    const found = difference(a[i], b[i], path(i))
    if (found !== null) return found
  }
  return null
}

function tensors(a: TensorPattern, b: TensorPattern, told: (what: string) => string): string | null {
  if (!sameShape(a.shape, b.shape))
    return told(
      `has another shape each time (${shapeText(a.shape)}, then ${shapeText(b.shape)}): pad it to a few sizes`,
    )
  if (a.dtype !== b.dtype) return told(`has another dtype each time (${a.dtype}, then ${b.dtype})`)
  if (a.name !== b.name) return told(`has another name each time ('${a.name}', then '${b.name}')`)
  const plain = a.tracked === b.tracked && a.inner === b.inner && (a.grad === null) === (b.grad === null)
  return plain ? null : told('sometimes requires a gradient, or has one, and sometimes not')
}

function values(a: unknown, b: unknown): string {
  if (typeof b === 'number') return `is another number each time (${a}, then ${b}): pass it as a tensor`
  if (typeof b === 'function') return 'is a new function each time: make it once'
  if (typeof b === 'object' && b !== null)
    return `is a new object each time (${b.constructor?.name ?? 'without a class'}): make it once, or pass its tensors in a plain object`
  return 'is another value each time'
}
