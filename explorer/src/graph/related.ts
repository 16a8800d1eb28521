/** Which nodes a filter is about; the others fade, and nothing moves. */
import type { Trace } from 'chainrule/explain'

export type Filter = 'all' | 'parameters' | 'path'

/** Null where the filter says nothing. */
export function related({ nodes }: Trace, filter: Filter, selected: number | null): ReadonlySet<number> | null {
  if (filter === 'parameters') return new Set(nodes.flatMap(({ id, kind }) => (kind === 'parameter' ? [id] : [])))
  if (filter === 'all' || selected === null) return null
  const found = new Set([selected])
  const before = [selected]
  for (let id = before.pop(); id !== undefined; id = before.pop()) {
    for (const x of nodes[id].inputs) {
      if (!('node' in x) || found.has(x.node)) continue
      found.add(x.node)
      before.push(x.node)
    }
  }
  // Nodes come after what they read, so that one pass finds all that is made of the selected one.
  const made = new Set([selected])
  for (const { id, inputs } of nodes) if (inputs.some((x) => 'node' in x && made.has(x.node))) made.add(id)
  return new Set([...found, ...made])
}
