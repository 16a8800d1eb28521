/** Chainrule: automatic differentiation for TypeScript that shows its work. */
import './fluent.ts'

export * from './autodiff/index.ts'
export * from './errors/index.ts'
export * from './ops/elementwise/index.ts'
export { sum } from './ops/reduce/sum.ts'
export * from './tensor/index.ts'
