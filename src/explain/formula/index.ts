/** The formula language: text to a program over tensors. Start with `formula.ts`. */
export { type Formula, type FormulaLine, type FormulaRun, parseFormula, runFormula } from './formula.ts'
export { FormulaError } from './formula-error.ts'
export { parseValues } from './values.ts'
