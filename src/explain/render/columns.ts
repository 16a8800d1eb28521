/** Which columns of a table give way when it is wider than its place. */

/** The largest, 0 for none; a table may have more rows than a call can have arguments. */
export const largest = (sizes: readonly number[]): number => sizes.reduce((a, b) => Math.max(a, b), 0)

/**
 * The widths, with the widest column again and again a bit narrower until all together fit into `room`, but none below
 * its `least` width; undefined where that is not enough.
 */
export function shrink(widths: readonly number[], least: readonly number[], room: number): number[] | undefined {
  const shrunk = [...widths]
  for (let total = shrunk.reduce((a, b) => a + b, 0); total > room; total--) {
    const yielding = shrunk.map((width, i) => (width > least[i] ? width : 0))
    const widest = largest(yielding)
    if (widest === 0) return undefined
    shrunk[yielding.indexOf(widest)]--
  }
  return shrunk
}
