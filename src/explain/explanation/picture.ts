/** The listed paths of an explanation as one graph: what is shared by several paths is drawn once. */
import type { Picture, PictureEdge, PictureNode, Sign } from '../draw/graph.ts'
import { shortNumber } from '../render/number.ts'
import type { Explanation } from './explanation.ts'
import type { Factor } from './factors.ts'

/** Of a path of more than twice as many factors, so many of its beginning and of its end are drawn. */
const LONG = 12

/** An arrow: one factor, or what many in a row amount to. */
interface Link {
  readonly key: string
  readonly of: string
  readonly wrt: string
  readonly values: readonly [of: number, wrt: number]
  readonly label: string
  readonly value: number
}

export function pictureOf(e: Explanation): Picture {
  const nodes = new Map<string, PictureNode>()
  const edges = new Map<string, PictureEdge>()
  const put = (name: string, value: number) => {
    const role = name === e.output ? 'output' : name === e.input ? 'parameter' : 'op'
    nodes.set(name, { id: name, title: name, lines: [`value ${shortNumber(value)}`], scope: [], role })
  }
  const largest = e.paths.reduce((most, { product }) => Math.max(most, Math.abs(product) || 0), 0)
  put(e.output, e.value)
  put(e.input, e.at)
  for (const { factors, product } of e.paths) {
    for (const { key, of, wrt, values, label, value } of linksOf(factors)) {
      put(of, values[0])
      put(wrt, values[1])
      if (edges.has(key)) continue
      edges.set(key, {
        from: wrt,
        to: of,
        slot: edges.size,
        label,
        below: `× ${shortNumber(value)}`,
        weight: largest > 0 ? Math.min(1, Math.abs(product) / largest || 0) : 0,
        sign: Number.isNaN(value) ? undefined : (Math.sign(value) as Sign),
      })
    }
  }
  const arrows = { label: 'what computes it', below: 'the factor', sign: 'factor' }
  return { title: e.title, arrows, nodes: [...nodes.values()], edges: [...edges.values()] }
}

function linksOf(factors: readonly Factor[]): Link[] {
  if (factors.length <= 2 * LONG) return factors.map(linkOf)
  const between = factors.slice(LONG, -LONG)
  const [first, last] = [between[0], between[between.length - 1]]
  const middle: Link = {
    key: between.map(({ edge }) => edge).join(),
    of: first.of,
    wrt: last.wrt,
    values: [first.values[0], last.values[1]],
    label: `${between.length} factors`,
    value: between.reduce((product, factor) => factor.times(product), 1),
  }
  return [...factors.slice(0, LONG).map(linkOf), middle, ...factors.slice(-LONG).map(linkOf)]
}

const linkOf = ({ edge, of, wrt, values, op, value }: Factor): Link => ({
  key: String(edge),
  of,
  wrt,
  values,
  label: op,
  value,
})
