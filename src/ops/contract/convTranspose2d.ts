import { contract } from '../kinds/contract.ts'

/** Every element times the weight: `nchw,coyx->nohwyx`, windows that are yet to be added up. */
export const convTranspose2d = contract({ name: 'convTranspose2d' })
