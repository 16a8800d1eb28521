/**
 * The program between an input and an output, read off the tape: variables (a leaf, or a result of a step) and steps (an
 * op that was applied, or a whole function made of ops), in the order in which they ran.
 */
import { GradError } from '../../errors/index.ts'
import type { TapeNode, Tensor } from '../../tensor/index.ts'
import { keptOf } from '../record/kept.ts'
import { gather } from './functions.ts'
import type { Application, Local } from './local.ts'
import { opStep } from './op-step.ts'

export interface Variable {
  /** The tensor that the program holds. */
  readonly origin: Tensor
  /** The elements that it had: those of `origin`, unless a recording kept what was changed since. */
  readonly tensor: Tensor
  /** Which result of which node; null for leaves. */
  readonly node: TapeNode | null
  readonly outputIndex: number
}

/** One thing that the program did: `operands[slot]` is null where nothing on the way to the input goes in. */
export interface Step {
  /** The op or the function. */
  readonly name: string
  readonly operands: readonly (Variable | null)[]
  readonly outputs: readonly Variable[]
  /** The application, of an op; the last one, of a function. */
  readonly application: Application
  local(slot: number): Local
  /** Whether all derivatives by this operand are 1 whatever the values are. */
  identity(slot: number): boolean
  /** The steps inside of a function; null for an op. */
  readonly inside: readonly Step[] | null
}

export interface Program {
  readonly steps: readonly Step[]
  readonly input: Variable
  readonly output: Variable
}

/** Variables by what they are on the tape, so that every use of one finds the same object. */
class Variables {
  readonly leaves = new Map<Tensor, Variable>()
  readonly results = new Map<TapeNode, Variable[]>()

  leaf(tensor: Tensor, values: Tensor = tensor): Variable {
    let found = this.leaves.get(tensor)
    if (!found) this.leaves.set(tensor, (found = { origin: tensor, tensor: values, node: null, outputIndex: 0 }))
    return found
  }

  result(node: TapeNode, outputIndex: number): Variable {
    let list = this.results.get(node)
    if (!list) {
      const { outputs } = valuesOf(node)
      list = outputs.map((tensor, k) => ({
        origin: keptOf(node)?.results[k] ?? node.outputs?.[k] ?? tensor,
        tensor,
        node,
        outputIndex: k,
      }))
      this.results.set(node, list)
    }
    return list[outputIndex]
  }
}

interface Values {
  readonly operands: readonly (Tensor | number)[]
  readonly inputs: readonly (Tensor | number)[]
  readonly outputs: readonly Tensor[]
}

/** What went into a node and came out, from the tape or, after a backward that freed it, from a recording. */
export function valuesOf(node: TapeNode): Values {
  const kept = keptOf(node)
  if (kept) return kept
  node.rematerialize?.()
  if (node.freed)
    throw new GradError(
      `explain: the values that ${node.name} saved were freed by backward; call explain before backward, pass { retainGraph: true } ` +
        'to backward, or run the program inside of record(() => ...)',
    )
  return { operands: node.inputs!, inputs: node.inputs!, outputs: node.outputs! }
}

/** Where an operand came from: a node's result, a leaf that requires a gradient, or null for a constant. */
export function sourceOf(x: Tensor | number, node: TapeNode): TapeNode | Tensor | null {
  if (typeof x === 'number' || x.level !== node.level) return null
  const { gradFn, tracked } = x.originAt(node.recordedAt)
  if (gradFn) return gradFn
  return tracked && x.trackedFrom <= node.recordedAt ? x : null
}

/** Nodes below the output that lead to the input, oldest first. */
function nodesBetween(output: Tensor, input: Tensor): TapeNode[] {
  const pending = output.gradFn ? [output.gradFn] : []
  const seen = new Set(pending)
  while (pending.length > 0) {
    for (const source of pending.pop()!.sources()) {
      if (!('op' in source) || seen.has(source)) continue
      seen.add(source)
      pending.push(source)
    }
  }
  const nodes = [...seen].sort((a, b) => a.sequence - b.sequence)
  const leading = new Set<TapeNode | Tensor>([input.gradFn ?? input])
  return nodes.filter((node) => {
    if (node === input.gradFn || !node.sources().some((s) => leading.has(s))) return false
    leading.add(node)
    return true
  })
}

/** @param whole whether a call of a function made of ops is one step. */
export function readProgram(output: Tensor, input: Tensor, whole: boolean): Program {
  const nodes = nodesBetween(output, input)
  const on = new Set<TapeNode | Tensor>([...nodes, input.gradFn ?? input])
  const variables = new Variables()
  const steps = nodes.map((node) => {
    const { operands, inputs, outputs } = valuesOf(node)
    const from = operands.map((x, slot) => {
      const source = sourceOf(x, node)
      if (source === null || !on.has(source)) return null
      if (!('op' in source)) return variables.leaf(source, inputs[slot] as Tensor)
      return variables.result(source, (x as Tensor).originAt(node.recordedAt).outputIndex)
    })
    const results = outputs.map((_, k) => variables.result(node, k))
    return opStep({ node, op: node.op, attrs: node.attrs, origins: operands, inputs, outputs }, from, results)
  })
  const variable = (x: Tensor) => (x.gradFn ? variables.result(x.gradFn, x.outputIndex) : variables.leaf(x))
  const ends = { input: variable(input), output: variable(output) }
  return { ...ends, steps: whole ? gather(steps, ends) : steps }
}
