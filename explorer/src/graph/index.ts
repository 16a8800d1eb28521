/** The graph of a recorded program. Start with `pane.tsx`; `structure.ts`, `visible.ts` and `live.ts` are what it draws. */
export { GraphPane } from './pane.tsx'
