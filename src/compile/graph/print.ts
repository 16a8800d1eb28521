/**
 * A graph as text, one line per node, for tests and for looking: values are i0 (inputs), s0 (states), c0 (constants) or
 * v5 (what a node made); `s0[2, 3](1, 2)+4` is a view of it with strides and offset, which are left out where it is dense.
 */
import { contiguousStrides, shapeText } from '../../ops/shape.ts'
import type { Access, Graph, Node, Operand, ValueId } from './graph.ts'

/** @returns the lines, without an end of line after the last one. */
export function printGraph(graph: Graph): string {
  const name = namesOf(graph)
  const lines = graph.values.flatMap(({ dtype, size, origin }, id) => {
    if (origin.is === 'node') return []
    const data = origin.is === 'constant' && size <= 8 ? ` = [${Array.from(origin.data).join(', ')}]` : ''
    return [`${name(id)}: ${dtype} ${size}${data}`]
  })
  lines.push(...graph.nodes.map((node) => printNode(node, graph, name)))
  graph.states.forEach(({ before, after }) => {
    if (before !== after) lines.push(`${name(before)} <- ${name(after)}`)
  })
  if (graph.results.length > 0) lines.push(`return ${graph.results.map(name).join(', ')}`)
  return lines.join('\n')
}

type Name = (id: ValueId) => string

function namesOf({ values }: Graph): Name {
  let constants = 0
  const names = values.map(({ origin }, id) => {
    if (origin.is === 'input') return `i${origin.index}`
    if (origin.is === 'state') return `s${origin.index}`
    return origin.is === 'constant' ? `c${constants++}` : `v${id}`
  })
  return (id) => names[id]
}

function printNode(node: Node, graph: Graph, name: Name): string {
  const made = node.outputs.map(name).join(', ')
  if (node.is === 'host') return `${made} = host ${node.label}`
  if (node.is === 'write') return `${made} = ${access(node.target, graph, name)} <- ${access(node.source, graph, name)}`
  const inputs = node.inputs.map((x) => operand(x, graph, name)).join(', ')
  const attrs = Object.keys(node.attrs).length > 0 ? ` ${attrsText(node.attrs)}` : ''
  const specs = node.specs.map(({ dtype, shape }) => `${dtype} ${shapeText(shape)}`).join(', ')
  return `${made} = ${node.op.name}(${inputs})${attrs} : ${specs}${node.scope === 0 ? '' : ` @${node.scope}`}`
}

const operand = (x: Operand, graph: Graph, name: Name): string =>
  typeof x === 'number' ? (Object.is(x, -0) ? '-0' : String(x)) : access(x, graph, name)

function access({ value, shape, strides, offset }: Access, graph: Graph, name: Name): string {
  const dense = contiguousStrides(shape).every((s, d) => shape[d] === 1 || s === strides[d])
  const whole = dense || graph.values[value].size === 0
  return `${name(value)}${shapeText(shape)}${whole ? '' : `(${strides.join(', ')})`}${offset === 0 ? '' : `+${offset}`}`
}

function attrsText(attrs: object): string {
  const plain = JSON.stringify(attrs, (_, value) => {
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
    return value instanceof Map ? '...' : value
  })
  return plain.replaceAll('"', '')
}
