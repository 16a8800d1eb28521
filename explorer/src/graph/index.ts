/** The graph of a recorded program. Start with `pane.tsx`; `structure.ts`, `visible.ts` and `live.ts` are what it draws. */
export { point, useHot } from './hot.ts'
export { GraphPane } from './pane.tsx'
export { search } from './search.ts'
export { selectNode } from './select.ts'
