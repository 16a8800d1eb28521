/** Indexing: reading, assigning, and picking by index or mask. */
export { gather } from '../../ops/routine/gather.ts'
export { indexSelect } from '../../ops/routine/indexSelect.ts'
export { scatterAdd } from '../../ops/routine/scatterAdd.ts'
export { at } from './at.ts'
export { maskedFill, takeAlongDim } from './masked.ts'
export { maskedSelect, nonzero } from './nonzero.ts'
export type { Index, IndexArray } from './plan.ts'
export { set } from './set.ts'
