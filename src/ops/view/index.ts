/** The view ops that users call; `slice.ts` and `windows.ts` are what others are made of. */
export { type DiagonalOptions, diagonal } from './diagonal.ts'
export { expand } from './expand.ts'
export { type PadOptions, pad } from './pad.ts'
export { permute } from './permute.ts'
export { reshape } from './reshape.ts'
