/**
 * Running a graph as it is written, node by node, on ordinary arrays with the kernels of the JavaScript backend: what
 * every pass and every engine must equal.
 */
import { copyInto } from '../../backends/js/layout.ts'
import { run, runRoutine } from '../../backends/js/run.ts'
import { allocate } from '../../ops/dtype.ts'
import type { Strided, TypedArray } from '../../ops/value.ts'
import type { Access, ApplyNode, Graph, Node, Operand, ValueId, WriteNode } from './graph.ts'

/** What holds the elements of a state between calls. */
export interface Home {
  buffer: TypedArray
}

export interface Interpretation {
  readonly inputs: readonly TypedArray[]
  readonly results: readonly TypedArray[]
  run(): void
  release(): void
}

type Values = TypedArray[]

/** A graph made runnable: inputs are put into `inputs`, results are found in `results`, states live in `homes`. */
export function interpret(graph: Graph, homes: readonly Home[]): Interpretation {
  const { values: infos, nodes, states } = graph
  const values: Values = new Array(infos.length)
  const inputs: TypedArray[] = []
  infos.forEach(({ origin, dtype, size }, id) => {
    if (origin.is === 'input') inputs[origin.index] = values[id] = allocate(dtype, size)
    else if (origin.is === 'constant') values[id] = origin.data
  })
  const results = graph.results.map((id) => allocate(infos[id].dtype, infos[id].size))
  const changing = states.flatMap(({ before, after }, i) => (before === after ? [] : [{ i, after }]))
  return {
    inputs,
    results,
    run() {
      infos.forEach(({ origin }, id) => {
        if (origin.is === 'state') values[id] = homes[origin.index].buffer
      })
      for (const node of nodes) runNode(node, graph, values)
      graph.results.forEach((id, k) => {
        results[k].set(values[id])
      })
      // What one state becomes may be what another one was.
      const becoming = changing.map(({ after }) => values[after].slice())
      for (const [k, { i }] of changing.entries()) homes[i].buffer.set(becoming[k])
    },
    release() {
      values.length = 0
    },
  }
}

function runNode(node: Node, graph: Graph, values: Values): void {
  if (node.is === 'apply') applyNode(node, values)
  else if (node.is === 'write') writeNode(node, values)
  else {
    const outputs = node.outputs.map((id) => allocate(graph.values[id].dtype, graph.values[id].size))
    node.run(outputs)
    put(values, node.outputs, outputs)
  }
}

const strided = (values: Values, { value, shape, strides, offset, dtype }: Access): Strided => ({
  buffer: values[value],
  shape,
  strides,
  offset,
  dtype,
})

const operand = (values: Values, x: Operand): Strided | number => (typeof x === 'number' ? x : strided(values, x))

function applyNode({ op, inputs, attrs, specs, outputs }: ApplyNode, values: Values): void {
  const operands = inputs.map((x) => operand(values, x))
  if (op.kind === 'routine') {
    const made = runRoutine(op, operands, op.anew(attrs))
    put(
      values,
      outputs,
      made.map(({ data }) => data),
    )
  } else values[outputs[0]] = run(op, operands, attrs, specs[0])
}

function writeNode({ target, source, outputs: [after] }: WriteNode, values: Values): void {
  const made = values[target.value].slice()
  copyInto({ ...strided(values, target), buffer: made }, strided(values, source))
  values[after] = made
}

function put(values: Values, ids: readonly ValueId[], made: readonly TypedArray[]): void {
  for (const [k, id] of ids.entries()) values[id] = made[k]
}
