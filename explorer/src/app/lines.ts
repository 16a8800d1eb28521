/** Source lines of a program, and what was computed on them. */
import type { Trace } from 'chainrule/explain'

/** The lines on which something was computed, by file, ascending. */
export function linesOf({ nodes }: Trace): ReadonlyMap<string, readonly number[]> {
  const lines = new Map<string, Set<number>>()
  for (const { source } of nodes) {
    if (!source) continue
    const own = lines.get(source.file) ?? new Set()
    lines.set(source.file, own.add(source.line))
  }
  return new Map([...lines].map(([file, own]) => [file, [...own].toSorted((a, b) => a - b)]))
}

/** What a line has made last: the id of its node; null where it made nothing. */
export function nodeOfLine({ nodes }: Trace, file: string, line: number): number | null {
  return nodes.findLast(({ source }) => source?.file === file && source.line === line)?.id ?? null
}

/** The line in an ascending list that is nearest to another, the earlier of two. */
export const nearest = (lines: readonly number[], to: number): number =>
  lines.reduce((best, line) => (Math.abs(line - to) < Math.abs(best - to) ? line : best), lines[0])
