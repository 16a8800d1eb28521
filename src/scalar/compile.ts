/**
 * Formulas that run: `compileScalar` for one point, `compileLoop` for whole arrays. Where `new Function` is allowed the
 * formula becomes source that V8 compiles like a handwritten loop; elsewhere closures do the same work.
 */

import { ArgumentError } from '../errors/argument-error.ts'
import { composeClosure } from './closure.ts'
import { emitJs, scalarHelpers } from './emit.ts'
import type { Scalar } from './expression.ts'

export type CodeGenerationMode = 'generate' | 'compose'

let detected: boolean | undefined
let forced: CodeGenerationMode | undefined

export const codeGeneration = {
  /** May source be compiled at run time? A Content-Security-Policy without 'unsafe-eval' says no. */
  allowed(): boolean {
    if (forced !== undefined) return forced === 'generate'
    detected ??= canGenerate()
    return detected
  },
  /** For tests: use one way whatever the platform says; undefined goes back to asking it. */
  force(mode: CodeGenerationMode | undefined): void {
    forced = mode
  },
} as const

function canGenerate(): boolean {
  try {
    return new Function('return true')() === true
  } catch {
    // This error is the answer: a Content-Security-Policy forbids it.
    return false
  }
}

export type Vector =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray

export type CompileOptions = { readonly integer?: boolean }

/** The formula as a function of its arguments, in the order of `args`. */
export function compileScalar(
  s: Scalar,
  args: readonly string[],
  options: CompileOptions = {},
): (...values: number[]) => number {
  if (!codeGeneration.allowed()) {
    const closure = composeClosure(s, args, options)
    const frame = new Float64Array(args.length)
    return (...values) => {
      for (let i = 0; i < frame.length; i++) frame[i] = values[i]
      return closure(frame)
    }
  }
  const names = args.map((_, i) => `a${i}`)
  const { statements, results } = emitJs([s], { args: zip(args, names), integer: options.integer })
  return generate(`function (${names.join(', ')}) {`, ...statements, `return ${results[0]}`, '}')
}

export type LoopOperand = 'vector' | 'number'

export type LoopOptions = CompileOptions & {
  /** One per argument: an array read at each i, or one number for all. */
  readonly operands: readonly LoopOperand[]
  /** Names the function in profiles. V8 shares type feedback between equal sources, so name the dtypes here too. */
  readonly label?: string
}

/** out[i] = formula(operands at i) for i < n. */
export type Loop = (n: number, out: Vector, ...operands: (Vector | number)[]) => void

export function compileLoop(s: Scalar, args: readonly string[], options: LoopOptions): Loop {
  if (options.operands.length !== args.length)
    throw new ArgumentError(`compileLoop: ${args.length} arguments but ${options.operands.length} operand kinds`)
  return codeGeneration.allowed() ? generatedLoop(s, args, options) : composedLoop(s, args, options)
}

function generatedLoop(s: Scalar, args: readonly string[], { operands, integer, label }: LoopOptions): Loop {
  const parameters = args.map((_, i) => `a${i}`)
  const elements = parameters.map((name, i) => (operands[i] === 'vector' ? `x${i}` : name))
  const { statements, results } = emitJs([s], { args: zip(args, elements), integer })
  const loads = elements.filter((name) => name.startsWith('x')).map((name) => `const ${name} = a${name.slice(1)}[i]`)
  return generate(
    `function ${identifier(label)}(${['n', 'out', ...parameters].join(', ')}) {`,
    'for (let i = 0; i < n; i++) {',
    ...loads,
    ...statements,
    `out[i] = ${results[0]}`,
    '}',
    '}',
  )
}

function composedLoop(s: Scalar, args: readonly string[], { operands, integer }: LoopOptions): Loop {
  const closure = composeClosure(s, args, { integer })
  const frame = new Float64Array(args.length)
  const vectors = [...operands.keys()].filter((k) => operands[k] === 'vector')
  return (n, out, ...values) => {
    for (const [k, kind] of operands.entries()) if (kind === 'number') frame[k] = values[k] as number
    for (let i = 0; i < n; i++) {
      for (const k of vectors) frame[k] = (values[k] as Vector)[i]
      out[i] = closure(frame)
    }
  }
}

/** Source lines of one function expression, made into that function. */
function generate<F>(...lines: string[]): F {
  return new Function('S', `'use strict'\nreturn ${lines.join('\n')}`)(scalarHelpers) as F
}

const zip = (keys: readonly string[], values: readonly string[]): Record<string, string> =>
  Object.fromEntries(keys.map((key, i) => [key, values[i]]))

const identifier = (label = '') => `loop_${label.replace(/[^A-Za-z0-9_]/g, '_')}`
