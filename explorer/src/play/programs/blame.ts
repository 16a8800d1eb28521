/** The programs behind the blame chain: one per chapter, with the numbers of the article. */
import type { Leaf, Program } from '../parts/program.ts'

interface Chapter {
  readonly leaves: readonly Leaf[]
  readonly formula: readonly string[]
  readonly code: readonly string[]
}

const parameter = (name: string, start: number, means: string): Leaf => ({ name, role: 'parameter', start, means })
const given = (name: string, start: number, means = 'input'): Leaf => ({ name, role: 'input', start, means })
const target = (name: string, start: number): Leaf => ({ name, role: 'target', start, means: 'target' })

const threeLayers: Chapter = {
  leaves: [
    given('x', 2),
    parameter('w1', 0.5, 'layer 1'),
    parameter('b1', 0.25, 'layer 1'),
    parameter('w2', -1.5, 'layer 2'),
    parameter('b2', 0.5, 'layer 2'),
    parameter('w3', 2, 'layer 3'),
    parameter('b3', -0.25, 'layer 3'),
    target('t', 1),
  ],
  formula: ['h1 = w1*x + b1', 'h2 = w2*h1 + b2', 'h3 = w3*h2 + b3', 'L = (h3 - t)^2'],
  code: [
    'const h1 = w1.mul(x).add(b1)',
    'const h2 = w2.mul(h1).add(b2)',
    'const h3 = w3.mul(h2).add(b3)',
    'const L = h3.sub(t).square()',
  ],
}

const multiplied: Chapter = {
  leaves: [given('x', 1)],
  formula: ['u = 3*x + 2', 'f = u^2'],
  code: ['const u = x.mul(3).add(2)', 'const f = u.square()'],
}

const recipe: Chapter = {
  leaves: [parameter('w', 2, 'weight'), given('x', 3), parameter('b', 1, 'bias')],
  formula: ['z = w*x', 'h = z + b', 'L = h^2'],
  code: ['const z = w.mul(x)', 'const h = z.add(b)', 'const L = h.square()'],
}

const twoLayers: Chapter = {
  leaves: [given('x', 2), parameter('w1', 0.5, 'layer 1'), parameter('w2', -0.3, 'layer 2'), target('y', 1)],
  formula: ['z1 = w1*x', 'a1 = relu(z1)', 'z2 = w2*a1', 'L = (z2 - y)^2'],
  code: ['const z1 = w1.mul(x)', 'const a1 = z1.relu()', 'const z2 = w2.mul(a1)', 'const L = z2.sub(y).square()'],
}

const chapters: Readonly<Record<string, Chapter>> = {
  1: threeLayers,
  2: multiplied,
  3: recipe,
  4: recipe,
  5: recipe,
  6: twoLayers,
  7: twoLayers,
  8: twoLayers,
}

export const blame: Program = {
  origin: 'learn/blame',
  title: 'The blame chain',
  choices: [
    { id: 'part', label: 'Step', isPlace: true, options: Object.keys(chapters).map((part) => [part, part] as const) },
  ],
  leaves: ({ part }) => chapters[part].leaves,
  formula: ({ part }) => chapters[part].formula,
  code: ({ part }) => chapters[part].code,
}
