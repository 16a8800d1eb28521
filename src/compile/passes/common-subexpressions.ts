/**
 * One node for what is computed twice: the same op, attributes and operands in the same scope. Constants are the same
 * where their few elements are. What is recomputed in another scope is so on purpose and stays.
 */
import type { Op } from '../../ops/kinds/op.ts'
import type { Attrs } from '../../ops/value.ts'
import { accessKey, dense } from '../graph/access.ts'
import type { ApplyNode, Graph, Node, ValueId } from '../graph/graph.ts'
import { type Rewriter, rewrite } from '../graph/rewrite.ts'

/** Constants of up to this many elements are compared. */
const SMALL = 64

export function commonSubexpressions(graph: Graph): Graph {
  const known = new Map<string, ApplyNode[]>()
  const identity = identities()
  return rewrite(graph, visit, mergeConstants)

  function visit(node: Node, to: Rewriter): void {
    to.emit(node)
    if (node.is !== 'apply' || !repeatable(node.op, node.attrs) || fills(node)) return
    // Few nodes apply one op to the same values: only those are compared in full.
    const rough = `${identity(node.op)}:${node.inputs.map((x) => (typeof x === 'number' ? 'n' : x.value))}`
    const alike = known.get(rough)
    const key = alike && nodeKey(node, identity)
    const same = alike?.find((other) => nodeKey(other, identity) === key)
    if (same) node.outputs.forEach((v, i) => void to.redirect(v, dense(same.outputs[i], node.specs[i])))
    else if (alike) alike.push(node)
    else known.set(rough, [node])
  }
}

/** A routine that keeps notes in its attributes does not do the same twice. */
export const repeatable = (op: Op, attrs: Attrs): boolean => op.kind !== 'routine' || op.anew(attrs) === attrs

/** An array filled with a number is there to be written to: a shared one would have to be copied first. */
const fills = ({ op, inputs }: ApplyNode): boolean =>
  op.kind === 'elementwise' && inputs.every((x) => typeof x === 'number' || x.strides.every((s) => s === 0))

function mergeConstants(to: Rewriter): void {
  const known = new Map<string, ValueId>()
  to.graph.values.forEach(({ origin, dtype, size }, v) => {
    if (origin.is !== 'constant' || size > SMALL) return
    const key = `${dtype} ${Array.from(origin.data, (x) => (Object.is(x, -0) ? '-0' : x))}`
    const same = known.get(key)
    if (same === undefined) known.set(key, v)
    else to.redirect(v, dense(same, { shape: [size], dtype }))
  })
}

function nodeKey({ op, attrs, inputs, scope, specs }: ApplyNode, identity: (x: object) => number): string {
  const operands = inputs.map((x) => (typeof x === 'number' ? (Object.is(x, -0) ? '-0' : String(x)) : accessKey(x)))
  const shapes = specs.map(({ shape, dtype }) => `${dtype}${shape}`)
  return [identity(op), dataKey(attrs, identity), operands.join(' '), shapes.join(' '), scope].join('|')
}

/** Plain data by content, all else by identity. */
function dataKey(x: unknown, identity: (x: object) => number): string {
  if (Array.isArray(x)) return `[${x.map((y) => dataKey(y, identity)).join()}]`
  if (typeof x === 'function') return `#${identity(x)}`
  if (typeof x !== 'object' || x === null) return `${typeof x} ${Object.is(x, -0) ? '-0' : String(x)}`
  const prototype: unknown = Object.getPrototypeOf(x)
  if (prototype !== Object.prototype && prototype !== null) return `#${identity(x)}`
  const entries = Object.entries(x).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, y]) => `${key}: ${dataKey(y, identity)}`).join()}}`
}

/** Numbers objects in the order in which they are met. */
function identities(): (x: object) => number {
  const numbers = new Map<object, number>()
  return (x) => {
    const known = numbers.get(x)
    if (known !== undefined) return known
    numbers.set(x, numbers.size)
    return numbers.size - 1
  }
}
