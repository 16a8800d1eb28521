/**
 * The program between an input and an output, read off the tape: variables (a leaf, or a result of a step) and steps (an
 * op that was applied, or a whole function made of ops), in the order in which they ran.
 */
import type { TapeNode, Tensor } from '../../tensor/index.ts'
import { keptOf } from '../record/kept.ts'
import { gather } from './functions.ts'
import type { Application, Local } from './local.ts'
import { opStep } from './op-step.ts'
import { Past } from './past.ts'

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
  readonly #leaves = new Map<Tensor, Variable>()
  readonly #results = new Map<TapeNode, Variable[]>()

  /** @param tensor its elements, where it is seen for the first time. */
  leaf(origin: Tensor, tensor: Tensor): Variable {
    let found = this.#leaves.get(origin)
    if (!found) this.#leaves.set(origin, (found = { origin, tensor, node: null, outputIndex: 0 }))
    return found
  }

  result(node: TapeNode, outputIndex: number, origin: Tensor, tensor: Tensor): Variable {
    let list = this.#results.get(node)
    if (!list) this.#results.set(node, (list = []))
    list[outputIndex] ??= { origin, tensor, node, outputIndex }
    return list[outputIndex]
  }

  /** What stands at an end of the program. */
  end(x: Tensor): Variable {
    if (!x.gradFn) return this.leaf(x, x)
    return this.result(x.gradFn, x.outputIndex, x, keptOf(x.gradFn)?.outputs[x.outputIndex] ?? x)
  }
}

/** Where an operand came from: a node's result, a leaf that requires a gradient, or null for a constant. */
export function sourceOf(x: Tensor | number, node: TapeNode): TapeNode | Tensor | null {
  if (typeof x === 'number' || x.level !== node.level) return null
  const { gradFn, tracked } = x.originAt(node.recordedAt)
  if (gradFn) return gradFn
  return tracked && x.trackedFrom <= node.recordedAt ? x : null
}

/** The nodes below the output, oldest first. */
function nodesBelow(output: Tensor): TapeNode[] {
  const pending = output.gradFn ? [output.gradFn] : []
  const seen = new Set(pending)
  while (pending.length > 0) {
    for (const source of pending.pop()!.sources()) {
      if (!('op' in source) || seen.has(source)) continue
      seen.add(source)
      pending.push(source)
    }
  }
  return [...seen].sort((a, b) => a.sequence - b.sequence)
}

/** Those that lead to the input. */
function leadingTo(input: Tensor, nodes: readonly TapeNode[]): TapeNode[] {
  const leading = new Set<TapeNode | Tensor>([input.gradFn ?? input])
  return nodes.filter((node) => {
    if (node === input.gradFn || !node.sources().some((s) => leading.has(s))) return false
    leading.add(node)
    return true
  })
}

/** @param whole whether a call of a function made of ops is one step. */
export function readProgram(output: Tensor, input: Tensor, whole: boolean): Program {
  const below = nodesBelow(output)
  const nodes = leadingTo(input, below)
  const on = new Set<TapeNode | Tensor>([...nodes, input.gradFn ?? input])
  const past = new Past(below)
  const variables = new Variables()
  const steps = nodes.map((node) => {
    const { operands, inputs, outputs, results } = past.of(node)
    const from = operands.map((x, slot) => {
      const source = sourceOf(x, node)
      if (source === null || !on.has(source)) return null
      const [origin, tensor] = [x as Tensor, inputs[slot] as Tensor]
      if (!('op' in source)) return variables.leaf(source, tensor)
      return variables.result(source, origin.originAt(node.recordedAt).outputIndex, origin, tensor)
    })
    const made = outputs.map((y, k) => variables.result(node, k, results[k], y))
    return opStep({ node, op: node.op, attrs: node.attrs, origins: operands, inputs, outputs }, from, made)
  })
  const ends = { input: variables.end(input), output: variables.end(output) }
  return { ...ends, steps: whole ? gather(steps, ends) : steps }
}
