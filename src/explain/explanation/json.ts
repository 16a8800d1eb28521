/** An explanation as plain data. */
import { type TraceNumber, traceNumber } from '../record/trace.ts'
import type { Explanation } from './explanation.ts'

export interface ExplanationJson {
  readonly format: 'chainrule-explanation'
  readonly version: 1
  readonly output: string
  readonly input: string
  readonly value: TraceNumber
  readonly at: TraceNumber
  readonly gradient: TraceNumber
  readonly numeric: TraceNumber
  readonly kink: boolean
  readonly agrees: boolean
  readonly sum: TraceNumber
  /** Digits: there may be more paths than a number can count. */
  readonly pathCount: string
  readonly paths: readonly { readonly product: TraceNumber; readonly factors: readonly FactorJson[] }[]
  readonly rest: { readonly count: string; readonly sum: TraceNumber }
}

export interface FactorJson {
  readonly op: string
  readonly of: string
  readonly wrt: string
  readonly formula: string
  readonly tex: string
  /** The formula with numbers in it. */
  readonly numbers: string
  readonly value: TraceNumber
  readonly inside: string
}

export function explanationToJson(e: Explanation): ExplanationJson {
  return {
    format: 'chainrule-explanation',
    version: 1,
    output: e.output,
    input: e.input,
    value: traceNumber(e.value),
    at: traceNumber(e.at),
    gradient: traceNumber(e.gradient),
    numeric: traceNumber(e.numeric),
    kink: e.kink,
    agrees: e.agrees,
    sum: traceNumber(e.sum),
    pathCount: String(e.pathCount),
    paths: e.paths.map(({ product, factors }) => ({
      product: traceNumber(product),
      factors: factors.map((f) => ({
        op: f.op,
        of: f.of,
        wrt: f.wrt,
        formula: f.formula,
        tex: f.symbolic.tex,
        numbers: f.numbers.text,
        value: traceNumber(f.value),
        inside: String(f.inside),
      })),
    })),
    rest: { count: String(e.rest.count), sum: traceNumber(e.rest.sum) },
  }
}
