import { contract } from '../kinds/contract.ts'

/** Rows times columns: `ij,jk->ik`, with any number of batch letters. */
export const matmul = contract({ name: 'matmul' })
