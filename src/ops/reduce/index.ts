/** The reductions, one file each: a monoid folded over axes. Start with `sum.ts`. */
export { all } from './all.ts'
export { amax } from './amax.ts'
export { amin } from './amin.ts'
export { any } from './any.ts'
export { peak } from './peak.ts'
export { prod } from './prod.ts'
export { sum } from './sum.ts'
