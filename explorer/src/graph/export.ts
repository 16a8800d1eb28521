/** The graph and its numbers as files. Pictures are drawn by the library, as they stand at the step on screen. */
import type { Trace } from 'chainrule/explain'
import { type Picture, pictureToDot, pictureToSvg, type Theme } from 'chainrule/explain/draw'
import { callOf, gradientOf, type Known } from '../model/steps.ts'
import { edgeNumbers, largestContribution, nodeNumbers, slotsOf, usesOf } from './live.ts'
import { full } from './numbers.ts'
import { structureOf } from './structure.ts'
import { type Visible, visibleOf } from './visible.ts'

/** Browsers draw no larger canvas than this. */
const MOST_PIXELS = 16_384

export interface View {
  readonly trace: Trace
  readonly known: Known
  readonly step: number
  /** What is drawn; the whole graph unless given. */
  readonly visible?: Visible
  /** Only this node, what it reads and what reads it. */
  readonly around?: number
}

/** The picture with the numbers of the step. */
export function pictureAt(view: View): Picture {
  const { trace, known, step, visible, around } = view
  const shown = visible ?? visibleOf(structureOf(trace), ['*'])
  const uses = usesOf(trace)
  const slots = slotsOf(shown, trace)
  const most = largestContribution(trace, callOf(known))
  const picture: Picture = {
    title: `${trace.title}, step ${step} of ${trace.steps.length - 1}${rootsText(view)}`,
    nodes: shown.picture.nodes.map((node) => {
      const { value, gradient, sign, bad } = nodeNumbers(node, trace, known, uses)
      const lines = [
        ...(value === null ? [] : [`value ${value}`]),
        ...(gradient === null ? [] : [`gradient ${gradient}`]),
      ]
      return { ...node, lines: node.members ? node.lines : lines, sign, warning: bad }
    }),
    edges: shown.picture.edges.map((edge, e) => {
      const { label, below, sign, weight } = edgeNumbers(slots[e], edge, trace, known, most)
      return { ...edge, label: label || undefined, below: below || undefined, sign, weight }
    }),
  }
  return around === undefined ? picture : neighbourhood(picture, String(around))
}

/** What gradients are of. */
function rootsText({ trace: { calls, nodes }, known: { call } }: View): string {
  const names = call === null ? [] : calls[call].roots.flatMap((id) => (id === null ? [] : [nodes[id].name]))
  return names.length === 0 ? '' : `, gradients of ${names.join(', ')}`
}

function neighbourhood({ title, nodes, edges }: Picture, id: string): Picture {
  const near = edges.filter(({ from, to }) => from === id || to === id)
  const ids = new Set([id, ...near.flatMap(({ from, to }) => [from, to])])
  return { title, nodes: nodes.filter((node) => ids.has(node.id)), edges: near }
}

export const svgAt = (view: View, theme: Theme): string => pictureToSvg(pictureAt(view), { theme })

export const dotAt = (view: View): string => pictureToDot(pictureAt(view))

/** A row per value of the program: what is on screen, with all digits. */
export function csvAt({ trace, known }: View): string {
  const rows = trace.nodes.map((node) => {
    const gradient = gradientOf(node, known)
    const inputs = node.inputs.map((x) => ('node' in x ? trace.nodes[x.node].name : String(x.number)))
    return [
      String(node.id),
      node.name,
      node.op ?? node.kind,
      inputs.join(' '),
      known.value(node) ? full(node.value) : '',
      gradient ? full(gradient) : '',
      node.source ? `${node.source.file}:${node.source.line}` : '',
    ]
  })
  const head = ['id', 'name', 'op', 'inputs', 'value', 'gradient', 'line']
  return `${[head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`
}

/** Quoted where it must be; a text that a spreadsheet would run as a formula starts with an apostrophe. */
function cell(text: string): string {
  const isNumber = text !== '' && Number.isFinite(Number(text))
  const safe = !isNumber && /^[=+@\t\r-]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** An SVG as a PNG of twice its size, or smaller where that were too large. @returns the scale that was used as well. */
export async function pngOf(svg: string): Promise<{ readonly blob: Blob; readonly scale: number }> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const scale = Math.min(2, MOST_PIXELS / Math.max(image.width, image.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(image.width * scale)
  canvas.height = Math.round(image.height * scale)
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  if (!blob) throw new Error('The browser could not draw a picture of this size; SVG has no such limit.')
  return { blob, scale }
}

/** `net.ts` at step 7 is `net-step7.svg`. */
export const fileName = (title: string, step: number, kind: string): string =>
  `${
    title
      .replace(/\.[cm]?[jt]sx?$/, '')
      .replaceAll(/[^\p{L}\p{N}_-]+/gu, '-')
      .slice(0, 60) || 'graph'
  }-step${step}.${kind}`
