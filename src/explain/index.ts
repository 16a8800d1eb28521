/**
 * How it shows its work. Start with `explanation/explain.ts`, which rests on `graph/` (single numbers and the factors
 * between them), then `record/` (programs under observation), `flow/` (networks that do not learn) and `lab/`.
 */
import '../functional/fluent.ts'

export * from './derivation/index.ts'
export * from './draw/index.ts'
export { type ExplainOptions, explain } from './explanation/explain.ts'
export { explainRecorded, type RecordedElement } from './explanation/explain-recorded.ts'
export type { ExplainedPath, Explanation } from './explanation/explanation.ts'
export type { Factor } from './explanation/factors.ts'
export {
  type GradientTable,
  type GradientTableOptions,
  gradientTable,
  type TableRow,
} from './explanation/gradient-table.ts'
export type { ExplanationJson, FactorJson } from './explanation/json.ts'
export * from './flow/index.ts'
export * from './formula/index.ts'
export * from './lab/index.ts'
export { type Exercise, exercises, judge, type Question, type SolutionStep, type Verdict } from './lesson/exercises.ts'
export type { GivenNames } from './names.ts'
export type { RecordedNode } from './record/node.ts'
export { type RecordingSession, type RecordOptions, record, startRecording, steps } from './record/record.ts'
export type { Recording } from './record/recording.ts'
export type { State as RecordedState, Step as RecordedStep } from './record/steps.ts'
export * from './record/trace.ts'
export { type Block, type Cell, type Column, Document, type Inline, type Tone } from './render/document.ts'
export { fullNumber, shortNumber, tellNonFinite } from './render/number.ts'
export type { Typeset } from './render/typeset.ts'
