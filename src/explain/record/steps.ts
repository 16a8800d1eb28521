/**
 * A recorded program as a list of steps: the leaves, one step per application of an op, then for every call of backward
 * its seed and one step per node that it visited. What is known at a step depends on its number alone, so that going
 * back is as exact as going on.
 */
import { add } from '../../ops/elementwise/add.ts'
import { type Tensor, withoutRecording } from '../../tensor/index.ts'
import { shortNumber } from '../render/number.ts'
import { brief } from './brief.ts'
import type { BackwardCall, Visit } from './kept.ts'
import type { RecordedNode, Slot } from './node.ts'
import type { RecordedNodes } from './nodes.ts'

export interface Step {
  readonly index: number
  readonly phase: 'leaves' | 'forward' | 'seed' | 'backward'
  /** What the step computes (forward), starts from (seed), or goes back through (backward). */
  readonly nodes: readonly RecordedNode[]
  /** Which call of backward it belongs to, counting from 0; null before the first. */
  readonly call: number | null
  /** The step as a sentence. */
  readonly text: string
}

/** What is known at some step. */
export interface State {
  /** Values that have been computed. */
  readonly values: ReadonlySet<RecordedNode>
  /** What has arrived of each gradient so far. */
  readonly gradients: ReadonlyMap<RecordedNode, Tensor>
}

interface Arrival {
  readonly step: number
  readonly node: RecordedNode
  readonly gradient: Tensor
}

export class Steps {
  readonly list: Step[] = []
  /** After which step each value is known. */
  readonly #known = new Map<RecordedNode, number>()
  readonly #arrivals: Arrival[] = []

  constructor(recorded: RecordedNodes, calls: readonly BackwardCall[]) {
    const { list } = recorded
    const leaves = list.filter((node) => node.kind !== 'result')
    this.#forward('leaves', leaves, leavesText(leaves))
    const applications = [...groups(list.filter((node) => node.kind === 'result'))]
    for (const made of applications) this.#forward('forward', made, forwardText(made))
    calls.forEach((call, k) => {
      const roots: RecordedNode[] = []
      for (const [i, y] of call.roots.entries()) {
        const node = recorded.find(y)
        if (!node) continue
        this.#arrive(node, call.seeds[i])
        roots.push(node)
      }
      this.#push({ phase: 'seed', nodes: roots, call: k, text: seedText(roots) })
      this.#backward(call, k, applications)
    })
  }

  /** What is known after step `index`. */
  stateAt(index: number): State {
    const values = new Set<RecordedNode>()
    for (const [node, step] of this.#known) if (step <= index) values.add(node)
    const gradients = new Map<RecordedNode, Tensor>()
    withoutRecording(() => {
      for (const { step, node, gradient } of this.#arrivals) {
        if (step > index) break
        const before = gradients.get(node)
        gradients.set(node, before ? add(before, gradient) : gradient)
      }
    })
    return { values, gradients }
  }

  #push(step: Omit<Step, 'index'>): void {
    this.list.push({ index: this.list.length, ...step })
  }

  #forward(phase: 'leaves' | 'forward', nodes: readonly RecordedNode[], text: string): void {
    for (const node of nodes) this.#known.set(node, this.list.length)
    this.#push({ phase, nodes, call: null, text })
  }

  #arrive(node: RecordedNode, gradient: Tensor): void {
    this.#arrivals.push({ step: this.list.length, node, gradient })
  }

  #backward(call: BackwardCall, k: number, applications: readonly RecordedNode[][]): void {
    const visited = applications
      .flatMap((made) => made[0].visits.filter((visit) => visit.call === call).map((visit) => ({ made, visit })))
      .sort((a, b) => a.visit.order - b.visit.order)
    for (const { made, visit } of visited) {
      made[0].inputs.forEach((x, slot) => {
        const gradient = visit.contributions[slot]
        if (typeof x !== 'number' && gradient) this.#arrive(x, gradient)
      })
      this.#push({ phase: 'backward', nodes: made, call: k, text: backwardText(made[0], visit) })
    }
  }
}

/** The results of one application after the other. */
function groups(results: readonly RecordedNode[]): Iterable<RecordedNode[]> {
  const made = new Map<number, RecordedNode[]>()
  for (const node of results) {
    const list = made.get(node.application)
    if (list) list.push(node)
    else made.set(node.application, [node])
  }
  return made.values()
}

const argument = (x: Slot): string => (typeof x === 'number' ? shortNumber(x) : x.name)

function leavesText(leaves: readonly RecordedNode[]): string {
  const shown = leaves.slice(0, 6).map((node) => `${node.name} = ${brief(node.value)}`)
  if (leaves.length > shown.length) shown.push(`and ${leaves.length - shown.length} more`)
  return shown.length === 0 ? 'Nothing is given.' : `Given: ${shown.join(', ')}.`
}

function forwardText(made: readonly RecordedNode[]): string {
  const [{ op, inputs }] = made
  const results = made.map(({ name, value }) => `${name} = ${brief(value)}`).join(', ')
  return `${op}(${inputs.map(argument).join(', ')}) gives ${results}.`
}

function seedText(roots: readonly RecordedNode[]): string {
  const names = roots.map(({ name }) => `∂${name}/∂${name} = 1`)
  return names.length === 0 ? 'Backward starts outside of what was recorded.' : `Backward starts: ${names.join(', ')}.`
}

function backwardText({ op, name, inputs }: RecordedNode, { cotangents, contributions }: Visit): string {
  const arrived = cotangents[0] ? `the gradient ${brief(cotangents[0])}` : 'a gradient'
  const sent = inputs.flatMap((x, slot) => {
    const g = contributions[slot]
    return typeof x === 'number' || !g ? [] : [`${brief(g)} to ${x.name}`]
  })
  return `${op}: ${name} has ${arrived}; it sends ${sent.length === 0 ? 'nothing on' : sent.join(', ')}.`
}
