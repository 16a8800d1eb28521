/** Indices are checked by JavaScript at every call, as without compiling; each view of them once for each size. */
import { toDense } from '../../../backends/js/layout.ts'
import { checkRange } from '../../../ops/routine/indices.ts'
import { accessKey, isWhole } from '../../graph/access.ts'
import type { Access } from '../../graph/graph.ts'
import type { Builder } from './builder.ts'

/** The elements of `index` must lie from 0 to size - 1; `name` and `dim` are what the error says. */
export function check(b: Builder, name: string, index: Access, dim: number, size: number): void {
  const key = `${size}:${accessKey(index)}`
  if (b.checked.has(key)) return
  b.checked.add(key)
  const whole = isWhole(index, b.values[index.value].size)
  b.tasks.push({
    is: 'host',
    label: 'check',
    reads: [index],
    outputs: [],
    onto: null,
    apart: [],
    effect: 'throws',
    run: ([data]) => checkRange(name, whole ? data : toDense({ ...index, buffer: data }), dim, size),
  })
}
