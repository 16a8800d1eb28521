/** What colours, dashes and widths mean, for those that occur in the picture. */
import type { Picture, Role, Sign } from '../graph.ts'
import { sansWidth } from '../text.ts'
import type { Paint } from '../theme.ts'
import { element, textAt } from './markup.ts'
import { NEGATIVE_DASH, roleColour, signColour } from './parts.ts'

const SIZE = 11
const ROW = 20
const LINE = 26
const STRIPE = 4
const BETWEEN = 20

interface Entry {
  readonly text: string
  /** Of the sample. */
  readonly width: number
  readonly sample: (x: number, y: number) => string
}

export interface Legend {
  readonly height: number
  readonly draw: (x: number, y: number) => string[]
}

/** The legend in as many rows as it needs in the given width; nothing where there is nothing to explain. */
export function legendOf(picture: Picture, width: number, paint: Paint): Legend {
  const rows: Entry[][] = [[]]
  let used = 0
  for (const entry of entriesOf(picture, paint)) {
    const needed = widthOf(entry)
    if (used > 0 && used + needed > width) {
      rows.push([])
      used = 0
    }
    rows[rows.length - 1].push(entry)
    used += needed
  }
  const draw = (x: number, y: number) =>
    rows.flatMap((row, r) => {
      let left = x
      return row.map((entry) => {
        const at = left
        left += widthOf(entry)
        const middle = y + r * ROW + ROW / 2
        const text = textAt(at + textAfter(entry), middle + 4, entry.text, { size: SIZE, fill: paint('muted') })
        return entry.sample(at, middle) + text
      })
    })
  return { height: rows[0].length > 0 ? rows.length * ROW : 0, draw }
}

/** Where the text starts: some entries are nothing but text. */
const textAfter = ({ width }: Entry): number => (width > 0 ? width + 6 : 0)

const widthOf = (entry: Entry): number => textAfter(entry) + sansWidth(entry.text, SIZE) + BETWEEN

const SIGNS: readonly [Sign, string][] = [
  [1, 'positive'],
  [-1, 'negative'],
  [0, 'zero'],
]

const ARROWS = { label: 'the value', below: 'the contribution to the gradient', sign: 'gradient' }

const ROLES: readonly Exclude<Role, 'op'>[] = ['input', 'parameter', 'frozen', 'constant', 'output']

function entriesOf({ nodes, edges, arrows = ARROWS }: Picture, paint: Paint): Entry[] {
  const roles = ROLES.filter((role) => nodes.some((node) => node.role === role))
  const signs = SIGNS.filter(([sign]) => [...nodes, ...edges].some((part) => part.sign === sign))
  const line = (colour: string, width: number, dash?: string) => (x: number, y: number) =>
    element('path', {
      d: `M${x} ${y}h${LINE}`,
      stroke: colour,
      'stroke-width': width,
      'stroke-dasharray': dash,
      fill: 'none',
    })
  const stripe = (role: Exclude<Role, 'op'>) => (x: number, y: number) =>
    element('rect', { x, y: y - 7, width: STRIPE, height: 14, rx: 2, fill: paint(roleColour[role]) })
  const entries: Entry[] = [
    ...roles.map((role) => ({ text: role, width: STRIPE, sample: stripe(role) })),
    ...signs.map(([sign, name]) => ({
      text: `${name} ${arrows.sign}`,
      width: LINE,
      sample: line(paint(signColour(sign)), 2, sign === -1 ? NEGATIVE_DASH : undefined),
    })),
  ]
  if (edges.some(({ weight }) => weight !== undefined))
    entries.push({ text: 'wider: larger contribution', width: LINE, sample: line(paint('outline'), 4.5) })
  const flows = [
    ...(edges.some(({ label, count }) => label !== undefined && count === undefined)
      ? [`above an arrow: ${arrows.label}`]
      : []),
    ...(edges.some(({ below }) => below !== undefined) ? [`below it: ${arrows.below}`] : []),
  ]
  if (edges.some(({ count }) => count !== undefined)) flows.push('×2: two edges in one')
  if (flows.length > 0) entries.push({ text: flows.join(', '), width: 0, sample: () => '' })
  return entries
}
