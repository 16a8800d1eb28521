/** The parts of a picture of a graph: boxes of scopes, arrows, labels and nodes. */
import type { PictureEdge, PictureNode, Role, Sign } from '../graph.ts'
import type { Box, PlacedScope, Point } from '../layout.ts'
import {
  ARROW,
  LABEL_SIZE,
  LINE_HEIGHT,
  LINE_SIZE,
  NODE_PADDING,
  shownLabel,
  shownText,
  TITLE_HEIGHT,
  TITLE_SIZE,
} from '../measure.ts'
import { sansWidth, shortened } from '../text.ts'
import type { Colour, Paint } from '../theme.ts'
import { type Attributes, element, escaped, short, textAt } from './markup.ts'

/** The colour of a sign, and the dash that says the same: negative is dashed. */
export const signColour = (sign: Sign | undefined): Colour =>
  sign === undefined ? 'outline' : sign > 0 ? 'positive' : sign < 0 ? 'negative' : 'zero'
export const NEGATIVE_DASH = '7 4'

/** The stripe that tells what a leaf or an output is. */
export const roleColour: Readonly<Record<Exclude<Role, 'op'>, Colour>> = {
  input: 'input',
  parameter: 'parameter',
  constant: 'constant',
  frozen: 'frozen',
  output: 'output',
}

/** A rounded box with the scope's own name in its upper left corner. */
export function scopeBox({ path, instance, instances, ...box }: PlacedScope, paint: Paint): string {
  const name = `${path[path.length - 1]}${instances > 1 ? ` (${instance} of ${instances})` : ''}`
  const columns = Math.floor((box.width - 16) / sansWidth('0', LINE_SIZE))
  const fill = paint(path.length % 2 === 1 ? 'scope' : 'background')
  return element(
    'g',
    {},
    element('title', {}, escaped(path.join(' / '))),
    element('rect', { ...rectangle(box), rx: 8, fill, stroke: paint('rule') }),
    textAt(box.x + 10, box.y + 16, shortened(name, Math.max(columns, 2)), {
      size: LINE_SIZE,
      fill: paint('muted'),
      bold: true,
    }),
  )
}

/** Level lines, joined by curves that start and end level. */
export function routePath(points: readonly Point[]): string {
  const [first, ...rest] = points
  let path = `M${short(first.x)} ${short(first.y)}`
  let last = first
  for (const point of rest) {
    const middle = short((last.x + point.x) / 2)
    path +=
      point.y === last.y
        ? `H${short(point.x)}`
        : `C${middle} ${short(last.y)} ${middle} ${short(point.y)} ${short(point.x)} ${short(point.y)}`
    last = point
  }
  return path
}

/** The stroke and the head of an arrow; a highlighted one has a band of the accent's colour beneath it. */
export function arrow(edge: PictureEdge, points: readonly Point[], paint: Paint, about: string): string {
  const { sign, highlighted } = edge
  const colour = paint(signColour(sign))
  const tip = points[points.length - 1]
  const width = 1.25 + 3.25 * weightOf(edge)
  const half = 3.5 + width / 2
  const line = routePath([...points.slice(0, -1), { x: tip.x - ARROW + 1, y: tip.y }])
  const head = `M${short(tip.x)} ${short(tip.y)}l${-ARROW} ${short(-half)}v${short(2 * half)}z`
  const stroke: Attributes = { d: line, fill: 'none', 'stroke-linejoin': 'round' }
  return element(
    'g',
    {},
    element('title', {}, escaped(about)),
    highlighted
      ? element('path', { ...stroke, stroke: paint('accent'), 'stroke-width': width + 5, opacity: 0.45 })
      : '',
    element('path', {
      ...stroke,
      stroke: colour,
      'stroke-width': width,
      'stroke-dasharray': sign === -1 ? NEGATIVE_DASH : undefined,
    }),
    element('path', { d: head, fill: colour }),
  )
}

/** Between 0 and 1; 0 where nothing is known, as for NaN. */
const weightOf = ({ weight = 0 }: PictureEdge): number => (weight > 0 ? Math.min(weight, 1) : 0)

/** The value above the end of an arrow, the contribution below it, in the room that the layout left before the node. */
export function edgeLabels(edge: PictureEdge, points: readonly Point[], paint: Paint): string {
  const tip = points[points.length - 1]
  const style = { size: LABEL_SIZE, anchor: 'end', font: 'monospace', halo: paint('background') } as const
  const x = tip.x - ARROW - 4
  const rise = 4 + 1.6 * weightOf(edge)
  const { label, below, sign } = edge
  const colour = sign === undefined || sign === 0 ? 'muted' : signColour(sign)
  return [
    label === undefined ? '' : textAt(x, tip.y - rise, shownLabel(label), { ...style, fill: paint('ink') }),
    below === undefined ? '' : textAt(x, tip.y + rise + 7, shownLabel(below), { ...style, fill: paint(colour) }),
  ].join('')
}

/** A box: its title, its lines, a stripe for its role; its border has the sign of its gradient. */
export function nodeBox(node: PictureNode, box: Box, paint: Paint): string {
  const { id, title, lines, role, sign, highlighted, warning, members } = node
  const { x, y, width, height } = box
  const isSquare = role === 'constant' || role === 'frozen'
  const rx = role === 'input' ? 14 : isSquare ? 0 : 5
  const border = paint(warning ? 'warning' : signColour(sign))
  const rectangles: string[] = []
  const plain = { rx, fill: paint('surface'), stroke: border, 'stroke-width': warning ? 2 : 1.25 }
  if (highlighted)
    rectangles.push(element('rect', { ...rectangle(grown(box, 4)), rx: rx + 4, fill: paint('accent'), opacity: 0.45 }))
  if (members) rectangles.push(element('rect', { ...rectangle({ ...box, x: x + 4, y: y + 4 }), ...plain }))
  const dash = sign === -1 && !warning ? NEGATIVE_DASH : undefined
  rectangles.push(element('rect', { ...rectangle(box), ...plain, 'stroke-dasharray': dash }))
  if (role === 'output')
    rectangles.push(element('rect', { ...rectangle(grown(box, -3)), rx: rx - 2, fill: 'none', stroke: border }))
  if (role !== 'op') {
    const inset = rx / 2 + 4
    const stripe = { x: x + 5, y: y + inset, width: 3, height: height - 2 * inset, rx: 1.5 }
    rectangles.push(element('rect', { ...stripe, fill: paint(roleColour[role]) }))
  }
  return element(
    'g',
    { 'data-node-id': id },
    element('title', {}, escaped(aboutNode(node))),
    ...rectangles,
    ...nodeTexts(title, lines, box, paint),
    warning ? warningMark(x + width - 1, y + 1, paint) : '',
  )
}

function nodeTexts(title: string, lines: readonly string[], { x, y, height }: Box, paint: Paint): string[] {
  const free = height - TITLE_HEIGHT - lines.length * LINE_HEIGHT
  const left = x + NODE_PADDING.x
  const top = y + free / 2
  return [
    textAt(left, top + 12, shownText(title), { size: TITLE_SIZE, fill: paint('ink'), bold: true, font: 'monospace' }),
    ...lines.map((line, i) =>
      textAt(left, top + TITLE_HEIGHT + 11 + i * LINE_HEIGHT, shownText(line), {
        size: LINE_SIZE,
        fill: paint('ink'),
        font: 'monospace',
      }),
    ),
  ]
}

/** A triangle with an exclamation mark on the upper right corner. */
function warningMark(x: number, y: number, paint: Paint): string {
  const triangle = `M${short(x)} ${short(y - 9)}l9 16h-18z`
  return (
    element('path', { d: triangle, fill: paint('warning'), stroke: paint('background'), 'stroke-linejoin': 'round' }) +
    textAt(x, y + 5, '!', { size: 11, bold: true, anchor: 'middle', fill: paint('background') })
  )
}

/** A node in words. */
export function aboutNode({ title, role, scope, lines, warning, members }: PictureNode): string {
  const where = scope.length > 0 ? ` in ${scope.join(' / ')}` : ''
  const what = members ? `${members.length} nodes` : role
  return [`${title}, ${what}${where}`, ...lines, ...(warning ? ['warning'] : [])].join(', ')
}

const rectangle = ({ x, y, width, height }: Box): Attributes => ({ x, y, width, height })

const grown = ({ x, y, width, height }: Box, by: number): Box => ({
  x: x - by,
  y: y - by,
  width: width + 2 * by,
  height: height + 2 * by,
})
