import { contract } from '../kinds/contract.ts'

/** One matrix product per batch: `bij,bjk->bik`. */
export const bmm = contract({ name: 'bmm' })
