/** Search in a program: a part of a name, op, scope or line, a comparison of values or gradients, or `nan`. */
import type { Trace, TraceNode, TraceTensor } from 'chainrule/explain'
import { isBad, normOf, parsed } from './numbers.ts'

const COMPARISON =
  /^\s*(value|grad(?:ient)?|\|grad(?:ient)?\|)\s*(<=|>=|<|>|=)\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*$/i

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
  '=': (a, b) => a === b,
}

/** The ids of the nodes that a query finds, in the order of the program. Gradients are those of one call of backward. */
export function search({ nodes }: Trace, query: string, call: number): number[] {
  const text = query.trim().replaceAll('−', '-')
  if (text === '') return []
  const test = testOf(text, call)
  return nodes.filter(test).map(({ id }) => id)
}

function testOf(text: string, call: number): (node: TraceNode) => boolean {
  const comparison = COMPARISON.exec(text)
  if (comparison) {
    const [, what, sign, number] = comparison
    const holds = COMPARE[sign]
    const limit = Number(number)
    if (what.startsWith('|')) return ({ gradients }) => !!gradients[call] && holds(normOf(gradients[call]), limit)
    const of =
      what.toLowerCase() === 'value' ? (node: TraceNode) => node.value : (node: TraceNode) => node.gradients[call]
    return (node) => some(of(node), (x) => holds(x, limit))
  }
  if (/^(nan|inf|infinity|∞)$/i.test(text)) return (node) => isBad(node.value) || isBad(node.gradients[call])
  const line = /^(?:line\s*)?:?(\d+)$/i.exec(text)
  const wanted = text.toLowerCase()
  return (node) =>
    (line !== null && node.source?.line === Number(line[1])) ||
    node.name.toLowerCase().includes(wanted) ||
    (node.op ?? node.kind).toLowerCase().includes(wanted) ||
    node.scope.some((part) => part.toLowerCase().includes(wanted))
}

/** Of a summary the extremes are looked at: one of them is beyond a limit if any element is. */
function some(x: TraceTensor | null | undefined, test: (x: number) => boolean): boolean {
  if (!x) return false
  const numbers = x.data ?? [x.summary!.min, x.summary!.max]
  return numbers.some((element) => test(parsed(element)))
}
