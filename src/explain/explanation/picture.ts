/** The listed paths of an explanation as one graph: what is shared by several paths is drawn once. */
import type { Picture, PictureEdge, PictureNode, Sign } from '../draw/graph.ts'
import { shortNumber } from '../render/number.ts'
import type { Explanation } from './explanation.ts'

export function pictureOf(e: Explanation): Picture {
  const nodes = new Map<string, PictureNode>()
  const edges = new Map<string, PictureEdge>()
  const put = (name: string, value: number) => {
    const role = name === e.output ? 'output' : name === e.input ? 'parameter' : 'op'
    nodes.set(name, { id: name, title: name, lines: [`value ${shortNumber(value)}`], scope: [], role })
  }
  const largest = Math.max(...e.paths.map((path) => Math.abs(path.product)), 0)
  put(e.output, e.value)
  put(e.input, e.at)
  for (const { factors, product } of e.paths) {
    for (const { of, wrt, op, value, values, application } of factors) {
      put(of, values[0])
      put(wrt, values[1])
      // One op may read a value twice: each of its slots is an arrow of its own.
      const key = JSON.stringify([wrt, of, application.node.sequence, value])
      if (edges.has(key)) continue
      edges.set(key, {
        from: wrt,
        to: of,
        slot: edges.size,
        label: op,
        below: `× ${shortNumber(value)}`,
        weight: largest > 0 ? Math.abs(product) / largest : 0,
        sign: Math.sign(value) as Sign,
      })
    }
  }
  const arrows = { label: 'what computes it', below: 'the factor' }
  return { title: e.title, arrows, nodes: [...nodes.values()], edges: [...edges.values()] }
}
