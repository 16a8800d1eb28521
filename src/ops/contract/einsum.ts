import { contract } from '../kinds/contract.ts'

/** A product of two operands of an einsum; more operands take several. */
export const einsum = contract({ name: 'einsum' })
