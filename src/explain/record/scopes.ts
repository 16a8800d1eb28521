/** Which functions made of ops a node was computed in. Calls nest, and each is an interval of node numbers. */
import type { TapeNode } from '../../tensor/index.ts'

interface Call {
  readonly name: string
  readonly after: number
  readonly last: number
}

/** @param nodes in the order of their numbers. @returns the functions around each, the outermost first. */
export function functionsOf(nodes: readonly TapeNode[]): Map<TapeNode, readonly string[]> {
  const calls = callsOf(nodes)
  const around = new Map<TapeNode, readonly string[]>()
  let open: Call[] = []
  let next = 0
  for (const node of nodes) {
    if (open.some((call) => call.last < node.sequence)) open = open.filter((call) => call.last >= node.sequence)
    while (next < calls.length && calls[next].after < node.sequence) {
      if (calls[next].last >= node.sequence) open = [...open, calls[next]]
      next++
    }
    if (open.length > 0)
      around.set(
        node,
        open.map((call) => call.name),
      )
  }
  return around
}

/** In the order in which they began, an outer call before the inner ones. */
function callsOf(nodes: readonly TapeNode[]): Call[] {
  const calls = new Map<string, Call>()
  for (const node of nodes) {
    // A call with several results is noted on each of them; the last one ends it.
    for (let call = node.composite; call; call = call.inner)
      calls.set(`${call.after} ${call.name}`, { name: call.name, after: call.after, last: node.sequence })
  }
  return [...calls.values()].sort((a, b) => a.after - b.after || b.last - a.last)
}
