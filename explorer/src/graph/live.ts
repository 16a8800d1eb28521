/** The numbers of a step on the visible graph: what nodes and edges say, how wide, in which sign. */
import type { PictureEdge, PictureNode, Sign, Trace } from 'chainrule/explain'
import { contributionOf, gradientOf, type Known } from '../model/steps.ts'
import { showNumber } from '../ui/show-number.ts'
import { brief, elementOf, full, isBad, isSingle, magnitude, normOf, parsed } from './numbers.ts'
import { shapeText } from './shapes.ts'
import type { Visible } from './visible.ts'

export interface NodeNumbers {
  /** Null where the node has no such line; "—" where it is not known yet. */
  readonly value: string | null
  readonly gradient: string | null
  readonly sign: Sign | undefined
  readonly bad: boolean
  readonly current: boolean
  /** In words, for those who cannot see it. */
  readonly label: string
}

export interface EdgeNumbers {
  readonly label: string
  readonly below: string
  readonly sign: Sign | undefined
  /** Width, from 0 to 1, by orders of magnitude. */
  readonly weight: number
  readonly about: string
}

const UNKNOWN = '—'

export function nodeNumbers(shown: PictureNode, trace: Trace, known: Known, uses: readonly number[]): NodeNumbers {
  if (shown.members) return foldedNumbers(shown, trace, known)
  const node = trace.nodes[Number(shown.id)]
  const hasValue = known.value(node)
  const gradient = gradientOf(node, known)
  const value = hasValue ? brief(node.value) : UNKNOWN
  const slope = node.requiresGrad ? (gradient ? brief(gradient) : UNKNOWN) : null
  const kind = node.op ?? node.kind
  const readers = uses[node.id] === 1 ? '1 node' : `${uses[node.id]} nodes`
  const gradientWords = slope === null ? 'no gradient' : `gradient ${slope === UNKNOWN ? 'not computed' : slope}`
  return {
    value,
    gradient: slope,
    sign: gradient && isSingle(gradient) ? signOf(elementOf(gradient, 0)) : undefined,
    bad: (hasValue && isBad(node.value)) || isBad(gradient),
    current: known.current.has(node.id),
    label: `${node.name}, ${kind}, value ${hasValue ? value : 'not computed'}, ${gradientWords}, used by ${readers}`,
  }
}

function foldedNumbers({ title, members = [], lines }: PictureNode, { nodes }: Trace, known: Known): NodeNumbers {
  const inside = members.map((id) => nodes[Number(id)])
  return {
    value: null,
    gradient: null,
    sign: undefined,
    bad: inside.some((node) => (known.value(node) && isBad(node.value)) || isBad(gradientOf(node, known))),
    current: inside.some(({ id }) => known.current.has(id)),
    label: `${title}, closed, ${lines.join(', ')}, press Enter to open`,
  }
}

export const signOf = (x: number | null): Sign | undefined =>
  x === null || Number.isNaN(x) ? undefined : (Math.sign(x) as Sign)

/** As part of a class. */
export const signName = (sign: Sign | undefined): string =>
  sign === undefined ? 'none' : sign > 0 ? 'plus' : sign < 0 ? 'minus' : 'zero'

/** How many argument slots read each node. */
export function usesOf({ nodes }: Trace): number[] {
  const uses = nodes.map(() => 0)
  for (const { inputs, output } of nodes) if (output === 0) for (const x of inputs) if ('node' in x) uses[x.node]++
  return uses
}

/** An argument slot by the node that reads it. */
export interface SlotOf {
  readonly node: number
  readonly slot: number
}

export const slotKey = ({ node, slot }: SlotOf): string => `${node}:${slot}`

/** The slots that each visible edge stands for. */
export function slotsOf({ picture, nodeOf }: Visible, trace: Trace): SlotOf[][] {
  const between = new Map<string, SlotOf[]>()
  for (const { id, inputs } of trace.nodes) {
    for (const [slot, x] of inputs.entries()) {
      if (!('node' in x)) continue
      const [from, to] = [nodeOf.get(String(x.node))!.id, nodeOf.get(String(id))!.id]
      const key = `${from}\n${to}`
      const slots = between.get(key) ?? []
      if (slots.length === 0) between.set(key, slots)
      slots.push({ node: id, slot })
    }
  }
  return picture.edges.map(({ from, to, slot, count }) => {
    const all = between.get(`${from}\n${to}`) ?? []
    return all.length === 1 || (count ?? 1) > 1 ? all : all.filter((one) => one.slot === slot)
  })
}

/** The largest contribution, which the widest edge has. */
export function largestContribution({ nodes }: Trace, call: number): number {
  let most = 0
  for (const { contributions } of nodes)
    for (const sent of contributions?.[call] ?? []) most = Math.max(most, magnitude(sent))
  return most
}

export function edgeNumbers(
  slots: readonly SlotOf[],
  edge: PictureEdge,
  trace: Trace,
  known: Known,
  most: number,
): EdgeNumbers {
  if (slots.length !== 1) return bundled(slots, edge, trace, known, most)
  const [{ node: id, slot }] = slots
  const node = trace.nodes[id]
  const input = node.inputs[slot]
  const operand = trace.nodes['node' in input ? input.node : id]
  const sent = contributionOf(node, slot, known)
  const local = known.value(node) ? (node.local?.[slot] ?? null) : null
  const passed = known.value(operand)
  const parts = [
    `${operand.name} → ${node.name} (${node.op}), argument ${slot + 1}`,
    `value ${passed ? full(operand.value) : 'not computed'}`,
    ...(local ? [`local derivative ${full(local)}`] : []),
    `contribution ${sent ? full(sent) : 'not computed'}`,
  ]
  const single = sent && isSingle(sent)
  return {
    label: passed ? (isSingle(operand.value) ? brief(operand.value) : shapeText(operand.value.shape)) : '',
    below: sent ? (single ? signed(parsed(sent.data![0])) : `‖${showNumber(normOf(sent))}‖`) : '',
    sign: single ? signOf(elementOf(sent, 0)) : undefined,
    weight: weigh(magnitude(sent), most),
    about: parts.join(', '),
  }
}

/** With its sign even where that is plus: colour is not enough to tell. */
export const signed = (x: number): string => (x > 0 ? `+${showNumber(x)}` : showNumber(x))

function bundled(
  slots: readonly SlotOf[],
  { count = slots.length }: PictureEdge,
  { nodes }: Trace,
  known: Known,
  most: number,
): EdgeNumbers {
  const sizes = slots.map(({ node, slot }) => magnitude(contributionOf(nodes[node], slot, known)))
  const weight = weigh(Math.max(0, ...sizes), most)
  return { label: `×${count}`, below: '', sign: undefined, weight, about: `${count} edges in one` }
}

/** Seven orders of magnitude below the largest is as thin as it gets. */
function weigh(size: number, most: number): number {
  if (!(size > 0) || !(most > 0)) return 0
  return Math.max(0, 1 + Math.log10(size / most) / 7)
}
