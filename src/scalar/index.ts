/**
 * The scalar language: formulas as data that can be evaluated, differentiated, simplified, printed and compiled. Read
 * in this order: `expression.ts`, `intrinsics.ts`, `differentiate.ts`, `simplify.ts`, `print.ts`, `compile.ts`.
 */

export { type Closure, type ClosureOptions, composeClosure } from './closure.ts'
export {
  type CodeGenerationMode,
  type CompileOptions,
  codeGeneration,
  compileLoop,
  compileScalar,
  type Loop,
  type LoopOperand,
  type LoopOptions,
  type Vector,
} from './compile.ts'
export { differentiate } from './differentiate.ts'
export { type EmitOptions, type Emitted, emitJs, scalarHelpers } from './emit.ts'
export { erf as erfValue, erfc as erfcValue } from './erf.ts'
export { evaluate } from './evaluate.ts'
export * from './expression.ts'
export { fold } from './fold.ts'
export { type IntrinsicRule, intrinsics } from './intrinsics.ts'
export { lower, type Program, type Step } from './lower.ts'
export { escapeXml, texName, texWord } from './names.ts'
export { type Piece, piece, strength } from './notation.ts'
export { power as powerValue, roundHalfEven } from './numeric.ts'
export { spell, toTex, toText } from './print.ts'
export { type Simplifier, simplifier, simplify } from './simplify.ts'
export { substitute } from './substitute.ts'
export { type ScriptName, scripts } from './written.ts'
