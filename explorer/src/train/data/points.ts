/** Points of a plane in two classes. The same seed gives the same points. */
import { Generator, rand, randn, tensor } from 'chainrule'
import type { Samples } from './samples.ts'

/** The plane is shown from -SPAN to SPAN. */
export const SPAN = 1.5

export const COUNTS = { train: 240, heldOut: 120 } as const

type Point = readonly [x: number, y: number]

/** One point: its class, u uniform in [0, 1), v another such, and two normal numbers. */
type Rule = (label: number, u: number, v: number, normal: Point) => Point

const TAU = 2 * Math.PI
const sign = (label: number): number => (label === 1 ? 1 : -1)

const rules = {
  /** Two half circles, one hooked into the other. */
  moons: (label, u, _, [a, b]) => {
    const [x, y] = [Math.cos(Math.PI * u), Math.sin(Math.PI * u)]
    const [cx, cy] = label === 1 ? [1 - x, 0.5 - y] : [x, y]
    return [0.85 * (cx - 0.5) + 0.08 * a, 0.85 * (cy - 0.25) + 0.08 * b]
  },
  /** Two arms, each one and a quarter turns long. */
  spirals: (label, u, _, [a, b]) => {
    const angle = 1.25 * TAU * u + (label === 1 ? Math.PI : 0)
    const radius = 0.1 + 1.15 * u
    return [radius * Math.cos(angle) + 0.03 * a, radius * Math.sin(angle) + 0.03 * b]
  },
  /** A ring around a disc. */
  circles: (label, u, _, [a, b]) => {
    const radius = label === 1 ? 0.45 : 1.1
    return [radius * Math.cos(TAU * u) + 0.08 * a, radius * Math.sin(TAU * u) + 0.08 * b]
  },
  /** Four squares, coloured as a chess board. */
  xor: (label, u, v) => {
    const right = u < 0.5 ? -1 : 1
    const x = 0.12 + 1.1 * ((2 * u) % 1)
    const y = 0.12 + 1.1 * v
    return [right * x, right * sign(label) * y]
  },
  /** Two clouds. */
  blobs: (label, _u, _v, [a, b]) => [0.6 * sign(label) + 0.32 * a, 0.6 * sign(label) + 0.32 * b],
} satisfies Record<string, Rule>

export type PointSet = keyof typeof rules

export const isPointSet = (name: string): name is PointSet => Object.hasOwn(rules, name)

export function points(set: PointSet, seed: number): Samples {
  const generator = new Generator(seed)
  const n = COUNTS.train + COUNTS.heldOut
  const uniform = rand([n, 2], { generator }).data
  const normal = randn([n, 2], { generator }).data
  const rule: Rule = rules[set]
  const labels = Array.from({ length: n }, (_, i) => i % 2)
  const places = labels.map((label, i) =>
    rule(label, Number(uniform[2 * i]), Number(uniform[2 * i + 1]), [Number(normal[2 * i]), Number(normal[2 * i + 1])]),
  )
  const part = (from: number, to: number) => ({
    x: tensor(
      places.slice(from, to).map((place) => [...place]),
      { name: 'x' },
    ),
    y: tensor(labels.slice(from, to), { name: 'y' }),
  })
  return { features: 2, classes: 2, train: part(0, COUNTS.train), heldOut: part(COUNTS.train, n) }
}
