/** Where a program goes wrong: the source line of a call, and the check of its results while anomalies are looked for. */

import { toDense } from '../backends/js/layout.ts'
import { AnomalyError } from '../errors/index.ts'
import { isFloating } from '../ops/dtype.ts'
import type { Op } from '../ops/kinds/op.ts'
import { shapeText } from '../ops/shape.ts'
import type { Tensor } from './tensor.ts'

/** A place in a program. */
export interface Frame {
  /** A path or URL, as the platform writes it. */
  readonly file: string
  readonly line: number
  readonly column: number
  /** The function that the place is in; undefined at the top of a module. */
  readonly function: string | undefined
}

const linesOf = (error: Error | undefined): string[] => error?.stack?.split('\n').slice(1) ?? []
const isOutside = (line: string): boolean => /:\d+:\d+/.test(line) && !isOwn(line)

/** What that line called: the outermost function of this library on the stack, as "item", or what has printed. */
export function calledIn(error: Error): string | undefined {
  const lines = linesOf(error)
  const own = lines.slice(0, Math.max(0, lines.findIndex(isOutside)))
  if (own.some((line) => line.includes('printTensor'))) return 'printing'
  if (own.some((line) => line.includes('JSON.stringify'))) return 'JSON.stringify'
  // Methods are named in the function that they call.
  const line = own.findLast((line) => !/\bfluent\.[jt]s/.test(line))
  return line?.match(/\[as (\w+)\]/)?.[1] ?? line?.match(/at (?:new )?(?:[\w$]+\.)*([\w$]+) \(/)?.[1]
}

/** The innermost line of the stack that is not this library's own. */
export function frameOf(error: Error | undefined): Frame | undefined {
  const outside = linesOf(error).find(isOutside)
  const parts = outside?.match(/\(?((?:file:\/\/|\/|[A-Za-z]:\\|https?:|[\w.@-]+\/)?[^\s()]*):(\d+):(\d+)\)?$/)
  if (!parts) return undefined
  const called = outside!.match(/at (?:async )?(?:new )?([^\s(]+) \(/)?.[1]
  return { file: parts[1], line: Number(parts[2]), column: Number(parts[3]), function: called }
}

/** The same as "file:line:column". */
export function siteOf(error: Error | undefined): string | undefined {
  const frame = frameOf(error)
  return frame && `${frame.file}:${frame.line}:${frame.column}`
}

/** The folder above this one. Not written as new URL('..', import.meta.url): bundlers would put a file in its place. */
const home = import.meta.url.replace(/[^/]*\/[^/]*$/, '')
const homePath = home.replace(/^file:\/\//, '')
const isOwn = (line: string): boolean =>
  /\bnode:/.test(line) || ((line.includes(home) || line.includes(homePath)) && !/\.test\.[jt]s/.test(line))

/** Index of the first element that is NaN or infinite, or -1. */
export function firstNonFinite(x: Tensor): number {
  if (!isFloating(x.dtype)) return -1
  const data = toDense(x)
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return i
  return -1
}

export function inspectCall(op: Op, inputs: readonly (Tensor | number)[], made: Tensor | Tensor[]): void {
  const outputs = Array.isArray(made) ? made : [made]
  const bad = outputs.find((y) => firstNonFinite(y) >= 0)
  if (!bad) return
  throw new AnomalyError(
    `${op.name}: ${describe(bad)}, from ${inputs.map(describeOperand).join(', ')}${at(siteOf(new Error()))}`,
  )
}

export const at = (site: string | undefined): string => (site ? ` at ${site}` : '')

/** "the result [2, 3] is NaN at index 4" */
export function describe(x: Tensor, what = 'the result'): string {
  const i = firstNonFinite(x)
  const value = i < 0 ? 'finite' : `${toDense(x)[i]} at flat index ${i}`
  return `${what} ${shapeText(x.shape)} is ${value}`
}

function describeOperand(x: Tensor | number): string {
  if (typeof x === 'number') return String(x)
  const name = x.name ? ` '${x.name}'` : ''
  const i = firstNonFinite(x)
  if (i >= 0) return `an operand${name} ${shapeText(x.shape)} that already has ${toDense(x)[i]}`
  const data = toDense(x)
  let [low, high] = [Infinity, -Infinity]
  for (const v of data) {
    if (v < low) low = v
    if (v > high) high = v
  }
  return `a finite operand${name} ${shapeText(x.shape)} within [${low}, ${high}]`
}
