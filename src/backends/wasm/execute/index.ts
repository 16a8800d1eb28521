/**
 * Runs programs: `load.ts` first, then `work.ts` (instructions as calls), `sharing.ts` (how threads come to share them),
 * `levels.ts` and `parts.ts` (who does what when), `together.ts` and `choose.ts`.
 */
export { type InstructionTime, type Loaded, type LoadOptions, load } from './load.ts'
