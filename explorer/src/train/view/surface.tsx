/**
 * The plane as the network sees it: how probable each class is at every place, the line where they are equally probable,
 * and the points. Classes differ by shape as well as by colour; held-out points are hollow.
 */
import { shortNumber } from 'chainrule/explain'
import type { Palette } from 'chainrule/explain/draw'
import { useEffect, useRef } from 'react'
import { useWidth } from '../../ui/use-width.ts'
import { SPAN } from '../data/points.ts'
import type { Examples } from '../protocol.ts'
import { GRID } from '../run/picture.ts'
import type { Exam } from '../run/training.ts'
import { Data, type Table } from './data.tsx'
import { usePalette } from './palette.ts'

const WIDEST = 420

interface SurfaceProps {
  readonly examples: Examples
  readonly picture: Float32Array
  readonly exam: Exam
}

export function Surface({ examples, picture, exam }: SurfaceProps) {
  const box = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const palette = usePalette()
  const side = Math.min(WIDEST, useWidth(box))
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context || side === 0) return
    const unit = devicePixelRatio
    context.canvas.width = context.canvas.height = side * unit
    context.setTransform(unit, 0, 0, unit, 0, 0)
    paint(context, side, palette, { examples, picture })
  }, [side, palette, examples, picture])
  const says = `The plane as the network sees it after ${exam.step} steps: ${percent(exam.accuracy)} of ${examples.labels.length - examples.train} held-out points lie on the right side of the line.`
  return (
    <figure className="surface">
      <div ref={box} className="surface-box">
        <canvas ref={canvas} role="img" aria-label={says} style={{ width: side, height: side }} />
      </div>
      <figcaption>
        <span className="surface-key">
          <Sign is={1} /> class 1 <Sign is={0} /> class 0, hollow: held out; the line is where both are equally probable
        </span>
        <Data title="Points" table={() => tableOf(examples, picture)} />
      </figcaption>
    </figure>
  )
}

function tableOf({ x, labels, train }: Examples, picture: Float32Array): Table {
  const answers = picture.subarray(GRID * GRID)
  return {
    caption: `${labels.length} points, with how probable the network takes class 1 to be`,
    heads: ['point', 'x₁', 'x₂', 'class', 'for', 'P(class 1)'],
    rows: labels.map((label, i) => [
      i,
      shortNumber(x[2 * i]),
      shortNumber(x[2 * i + 1]),
      label,
      i < train ? 'training' : 'held out',
      shortNumber(answers[i]),
    ]),
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

const Sign = ({ is }: { is: 0 | 1 }) => (
  <svg width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true" className={`sign-${is}`}>
    {is === 1 ? <circle r="4" /> : <rect x="-3.5" y="-3.5" width="7" height="7" />}
  </svg>
)

function paint(
  context: CanvasRenderingContext2D,
  side: number,
  palette: Palette,
  { examples, picture }: Pick<SurfaceProps, 'examples' | 'picture'>,
): void {
  context.drawImage(field(picture, palette), 0, 0, side, side)
  border(context, side, picture, palette.ink)
  const { x, labels, train } = examples
  const at = (value: number) => (side * (1 + value / SPAN)) / 2
  for (const [i, label] of labels.entries()) {
    const [px, py, r] = [at(x[2 * i]), at(-x[2 * i + 1]), 3.2]
    const colour = label === 1 ? palette.positive : palette.negative
    context.beginPath()
    if (label === 1) context.arc(px, py, r, 0, 2 * Math.PI)
    else context.rect(px - r + 0.4, py - r + 0.4, 2 * r - 0.8, 2 * r - 0.8)
    context.fillStyle = i < train ? colour : palette.background
    context.strokeStyle = i < train ? palette.background : colour
    context.lineWidth = i < train ? 0.8 : 1.5
    context.fill()
    context.stroke()
  }
}

const channels = (colour: string): readonly number[] =>
  [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))

/** One pixel per place of the grid; drawn larger, the browser smooths it. A place without a probability is grey. */
function field(picture: Float32Array, palette: Palette): HTMLCanvasElement {
  const made = document.createElement('canvas')
  made.width = made.height = GRID
  const context = made.getContext('2d')!
  const image = context.createImageData(GRID, GRID)
  const [ground, one, zero, none] = [palette.background, palette.positive, palette.negative, palette.zero].map(channels)
  for (const [i, p] of picture.subarray(0, GRID * GRID).entries()) {
    const towards = Number.isNaN(p) ? none : p > 0.5 ? one : zero
    const weight = Number.isNaN(p) ? 0.5 : 0.9 * Math.abs(p - 0.5)
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = ground[c] + weight * (towards[c] - ground[c])
    image.data[4 * i + 3] = 255
  }
  context.putImageData(image, 0, 0)
  return made
}

/** Where p = ½: between the centres of neighbouring places, a segment per square that it crosses (marching squares). */
function border(context: CanvasRenderingContext2D, side: number, picture: Float32Array, colour: string): void {
  const at = (cell: number) => (side * (cell + 0.5)) / GRID
  context.beginPath()
  for (let row = 0; row + 1 < GRID; row++)
    for (let column = 0; column + 1 < GRID; column++) {
      const isLow = picture[row * GRID + column] < 0.5
      const isSplit = [1, GRID, GRID + 1].some((by) => picture[row * GRID + column + by] < 0.5 !== isLow)
      if (!isSplit) continue
      const corners = [
        [column, row],
        [column + 1, row],
        [column + 1, row + 1],
        [column, row + 1],
      ]
      const values = corners.map(([c, r]) => picture[r * GRID + c] - 0.5)
      const crossings = corners.flatMap(([c, r], i) => {
        const [a, b, [c2, r2]] = [values[i], values[(i + 1) % 4], corners[(i + 1) % 4]]
        if (!(a < 0 !== b < 0) || Number.isNaN(a + b)) return []
        const t = a / (a - b)
        return [[at(c + t * (c2 - c)), at(r + t * (r2 - r))]]
      })
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        context.moveTo(crossings[i][0], crossings[i][1])
        context.lineTo(crossings[i + 1][0], crossings[i + 1][1])
      }
    }
  context.strokeStyle = colour
  context.lineWidth = 1.5
  context.stroke()
}
