/**
 * One walk for every reading of a formula: children first, each distinct object once, no recursion, so a formula may be
 * thousands of calls deep and may share sub-expressions without being walked again.
 */

import type { Scalar } from './expression.ts'

/** `visit` gets a node and the results of its children. Pass `known` to keep results from one fold to the next. */
export function fold<T>(root: Scalar, visit: (node: Scalar, children: T[]) => T, known: Map<Scalar, T> = new Map()): T {
  const pending: Scalar[] = [root]
  while (pending.length > 0) {
    const node = pending[pending.length - 1]
    if (known.has(node)) {
      pending.pop()
      continue
    }
    const children = node.is === 'call' ? node.of : []
    const before = pending.length
    for (const child of children) if (!known.has(child)) pending.push(child)
    if (pending.length > before) continue
    pending.pop()
    known.set(
      node,
      visit(
        node,
        children.map((child) => known.get(child)!),
      ),
    )
  }
  return known.get(root)!
}
