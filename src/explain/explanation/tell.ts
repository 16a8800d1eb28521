/** An explanation in words, formulas and tables. */
import type { Block, Cell, Column, Inline } from '../render/document.ts'
import { shortNumber } from '../render/number.ts'
import { equals, number, partial, product, words } from '../render/typeset.ts'
import type { ExplainedPath, Explanation } from './explanation.ts'
import type { Factor } from './factors.ts'

/** Longer products are shown in the table only. */
const LINE = 8
/** A path is told factor by factor up to this many factors. */
const LONG = 60

export function tell(e: Explanation): Block[] {
  const blocks: Block[] = [
    {
      is: 'paragraph',
      parts: [`${e.output} = ${shortNumber(e.value)} at ${e.input} = ${shortNumber(e.at)}. `, count(e)],
    },
  ]
  const [first] = e.paths
  if (first) blocks.push(...chainOf(e, first), factorTable(e, first))
  if (e.paths.length > 1) blocks.push(pathTable(e), total(e))
  blocks.push(check(e))
  return blocks
}

function count({ output, input, pathCount }: Explanation): string {
  if (pathCount === 0n) return `No path leads from ${output} to ${input}: the derivative is 0.`
  if (pathCount === 1n) return `One path leads from ${output} to ${input}.`
  return `${shortNumber(pathCount)} paths lead from ${output} to ${input}; the gradient is the sum of their products.`
}

/** ∂L/∂w = ∂L/∂h · ∂h/∂w, then the rules, then the numbers, then the result: a line each. */
function chainOf(e: Explanation, { factors, product: result }: ExplainedPath): Block[] {
  if (factors.length === 0 || factors.length > LINE) return []
  const alone = e.pathCount === 1n
  const left = alone ? partial(e.output, e.input) : words('path 1')
  // One factor of several paths has the name of the whole derivative, and is not all of it.
  const named = alone || factors.length > 1 ? factors.map((f) => partial(f.of, f.wrt)) : [left]
  const stages = [named, factors.map((f) => f.symbolic), factors.map((f) => number(f.value)), [number(result)]].map(
    product,
  )
  const lines = stages.filter((stage, i) => stage.text !== (i === 0 ? left : stages[i - 1]).text)
  return [{ is: 'formula', lines: lines.map((stage, i) => equals(i === 0 ? left : words(''), stage)) }]
}

const factorColumns: readonly Column[] = [
  { head: 'factor', align: 'left' },
  { head: 'through', align: 'left' },
  { head: 'rule', align: 'left' },
  { head: 'with numbers', align: 'left' },
  { head: 'value', align: 'right' },
]

function factorTable(e: Explanation, path: ExplainedPath): Block {
  const shown = path.factors.slice(0, LONG)
  const rows = shown.map((f): Cell[] => [partial(f.of, f.wrt), through(f), rule(f), f.numbers, f.value])
  if (shown.length < path.factors.length) {
    const rest = path.factors.slice(LONG)
    rows.push([`and ${rest.length} more`, '', '', '', rest.reduce((p, f) => f.times(p), 1)])
  }
  rows.push(['product', '', '', '', path.product])
  const caption = e.pathCount === 1n ? 'The factors' : 'The factors of path 1, each along this path alone'
  return { is: 'table', columns: factorColumns, rows, caption }
}

/** Empty where there is nothing to say but the name of the derivative again. */
const rule = ({ symbolic, of, wrt }: Factor): Inline => (symbolic.text === partial(of, wrt).text ? '' : symbolic)

const through = ({ op, inside }: Factor): string => (inside > 1n ? `${op} (${shortNumber(inside)} paths inside)` : op)

function pathTable(e: Explanation): Block {
  const columns: Column[] = [
    { head: '#', align: 'right' },
    { head: 'path', align: 'left' },
    { head: 'factors', align: 'left' },
    { head: 'product', align: 'right' },
  ]
  const rows = e.paths.map((path, i): Cell[] => [String(i + 1), way(path), short(path), path.product])
  if (e.rest.count > 0n) rows.push(['', `and ${shortNumber(e.rest.count)} more, together`, '', e.rest.sum])
  return { is: 'table', columns, rows, caption: 'The paths' }
}

/** L ← z2 ← a1[0] ← W1[0,0] */
function way({ factors }: ExplainedPath): string {
  const stations = [factors[0]?.of, ...factors.map((f) => f.wrt)]
  const ends = stations.length > LINE ? [...stations.slice(0, 3), '…', ...stations.slice(-3)] : stations
  return ends.join(' ← ')
}

function short({ factors }: ExplainedPath): Inline {
  if (factors.length <= LINE) return product(factors.map((f) => number(f.value)))
  return `${factors.length} factors`
}

const total = (e: Explanation): Block => ({
  is: 'paragraph',
  parts: [`The sum over all paths is ${shortNumber(e.sum)}.`],
})

function check(e: Explanation): Block {
  const difference = `The central difference says ${shortNumber(e.numeric)}`
  if (e.kink && e.agrees)
    return {
      is: 'note',
      tone: 'warning',
      parts: [
        `The function has a kink or a step here, and thus no derivative: ${shortNumber(e.gradient)} is the value chosen by convention. ${difference}.`,
      ],
    }
  if (!e.agrees)
    return {
      is: 'note',
      tone: 'bad',
      parts: [
        `The gradient is ${shortNumber(e.gradient)}, the sum over the paths ${shortNumber(e.sum)}. ${difference}. They should agree.`,
      ],
    }
  if (Number.isNaN(e.numeric))
    return {
      is: 'note',
      tone: 'warning',
      parts: [
        `The gradient is ${shortNumber(e.gradient)}. There is no central difference to compare it with: close to this point the output is not finite on both sides.`,
      ],
    }
  if (e.rounded)
    return {
      is: 'note',
      tone: 'warning',
      parts: [
        `${difference} in float64, and so do the rules; the gradient is ${shortNumber(e.gradient)}: float32 rounds that much here.`,
      ],
    }
  return { is: 'note', tone: 'good', parts: [`${difference}; the gradient is ${shortNumber(e.gradient)}.`] }
}
