/** Programs made to tell an observer what they compute; this part runs in browsers as well. */
export { type Instrumented, type InstrumentOptions, instrument } from './instrument.ts'
export type { Position } from './lines.ts'
export type { NamedPlace } from './names.ts'
export { excerpt, type SyntaxFormatError } from './syntax-error.ts'
