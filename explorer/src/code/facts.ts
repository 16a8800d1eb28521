/** Facts about lines and variables as short texts. */
import type { TraceLine, TraceTensor } from 'chainrule/explain'
import { nonFiniteIn, showNumber } from '../ui/show-number.ts'
import type { LineMark } from './editor/marks.ts'
import type { LineFacts } from './lines.ts'

type Value = TraceLine['variables'][number]['value']

const isTensor = (value: Value | undefined): value is TraceTensor => typeof value === 'object' && value !== null

/** So many elements of a vector are written out. */
const FEW = 4

/** A number as it is, a short vector with its elements, anything larger by its shape and what of it is not finite. */
export function valueText(value: Value | undefined): string {
  if (value === undefined) return ''
  if (!isTensor(value)) return typeof value === 'number' ? showNumber(value) : clip(String(value))
  const { shape, data } = value
  if (data?.length === 1) return shape.length === 0 ? showNumber(data[0]) : `[${showNumber(data[0])}]`
  if (data && shape.length === 1 && data.length <= FEW) return `[${data.map((x) => showNumber(x)).join(', ')}]`
  const others = nonFiniteIn(value)
  return `[${shape.join('×')}]${others && `, ${others}`}`
}

const clip = (text: string): string => (text.length > 24 ? `${text.slice(0, 23)}…` : text)

/** What the gutter says of a line. Of values of several numbers the gradient has as many, so it is left to the inspector, but for NaN and infinities. */
export function markOf({ line, runs, value, gradient }: LineFacts): LineMark {
  const isOne = isTensor(value) && value.data?.length === 1
  const shown = valueText(value)
  const slope =
    isOne && gradient !== undefined ? showNumber(gradient?.data?.[0]) : (gradient && nonFiniteIn(gradient)) || null
  const times = runs > 1 ? `${runs}× ` : ''
  const text = `${times}${shown}${slope === null ? '' : ` ∇ ${slope}`}`
  const often = runs === 1 ? 'ran once' : `ran ${runs} times`
  const says = `Line ${line} ${often}${shown && `; last value ${shown}`}${slope === null ? '' : `, gradient ${slope}`}`
  return { line, text, says }
}
