/** What the editor shows of the step that the page is at. */
import { useMemo } from 'react'
import { useExplorer } from '../model/store.ts'
import type { Marks } from './editor/marks.ts'
import { markOf } from './facts.ts'
import { lineAt, lineFacts, lineOf } from './lines.ts'

const none: Marks = { lines: [], current: null, selected: null, problem: null }

/** Marks of a file at the step; none where the text has changed since, for lines are then no longer what they were. */
export function useMarks(file: string, isSame: boolean, problem: number | null): Marks {
  const trace = useExplorer(({ session }) => session?.trace)
  const step = useExplorer((state) => state.step)
  const node = useExplorer((state) => state.selected?.node ?? null)
  return useMemo(() => {
    if (!trace || !isSame) return { ...none, problem }
    const lines = lineFacts(trace, file, step)
    const selected = node === null ? null : lineOf(trace, file, node)
    return { lines: lines.map(markOf), current: lineAt(trace, file, step), selected, problem }
  }, [trace, step, file, node, isSame, problem])
}
