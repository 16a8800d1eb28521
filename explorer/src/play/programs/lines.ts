/** Three short programs to be read line by line, with the numbers of the article and what each line is for. */
import type { Leaf, Program } from '../parts/program.ts'

interface Listing {
  readonly label: string
  readonly leaves: readonly Leaf[]
  readonly formula: readonly string[]
  readonly code: readonly string[]
  /** What is said about the line that makes a value, by its name. */
  readonly says: Readonly<Record<string, string>>
}

const input = (name: string, start: number): Leaf => ({ name, role: 'input', start })
const parameter = (name: string, start: number): Leaf => ({ name, role: 'parameter', start })
const target = (name: string, start: number): Leaf => ({ name, role: 'target', start })

const chain: Listing = {
  label: 'A chain of two functions',
  leaves: [input('x', 2)],
  formula: ['v = 3*x', 'u = v + 1', 'h = u^2'],
  code: ['const v = x.mul(3)', 'const u = v.add(1)', 'const h = u.square()'],
  says: {
    x: 'The input. It asks for a gradient, so the library keeps a record of what is done with it.',
    v: 'The first half of the inner function. Its slope is 3 wherever x is.',
    u: 'The inner function g(x) = 3x + 1. Adding 1 moves the line up and leaves its slope alone.',
    h: 'The outer function f(u) = u². Its slope is 2u, taken at u and not at x.',
  },
}

const neuron: Listing = {
  label: 'One neuron',
  leaves: [input('x', 2), parameter('w', 1.5), parameter('b', -1), target('t', 3)],
  formula: ['wx = w*x', 'z = wx + b', 'a = relu(z)', 'e = a - t', 'L = e^2'],
  code: [
    'const wx = w.mul(x)',
    'const z = wx.add(b)',
    'const a = z.relu()',
    'const e = a.sub(t)',
    'const L = e.square()',
  ],
  says: {
    x: 'The input of the neuron.',
    w: 'The weight. It is learned, so its gradient is what all this is for.',
    b: 'The bias. It is learned as well.',
    t: 'The target: what the neuron should have said. Nothing is asked about its derivative.',
    wx: 'The weight times the input. Seen from w, the slope is x; seen from x, it is w.',
    z: 'What goes into the activation. Adding b has the slope 1 on both sides.',
    a: 'ReLU passes what is above 0. Its slope is 1 there, and 0 elsewhere: a gate.',
    e: 'How far the neuron is off. Its sign says in which direction.',
    L: 'The loss. Squaring makes it positive; its slope 2e is where the gradient begins.',
  },
}

const layers: Listing = {
  label: 'Two layers',
  leaves: [
    input('x', 3),
    parameter('w1', 0.5),
    parameter('b1', 0),
    parameter('w2', 2),
    parameter('b2', -1),
    target('t', 4),
  ],
  formula: ['p1 = w1*x', 'z1 = p1 + b1', 'h = relu(z1)', 'p2 = w2*h', 'y = p2 + b2', 'e = y - t', 'L = e^2'],
  code: [
    'const p1 = w1.mul(x)',
    'const z1 = p1.add(b1)',
    'const h = z1.relu()',
    'const p2 = w2.mul(h)',
    'const y = p2.add(b2)',
    'const e = y.sub(t)',
    'const L = e.square()',
  ],
  says: {
    x: 'The input of the network.',
    w1: 'The weight of layer 1. Its gradient has to come through layer 2.',
    b1: 'The bias of layer 1.',
    w2: 'The weight of layer 2. It scales what layer 1 says, and every gradient on its way back to layer 1.',
    b2: 'The bias of layer 2.',
    t: 'The target.',
    p1: 'Layer 1: weight times input.',
    z1: 'Layer 1: what goes into its activation.',
    h: 'Layer 1: what it hands on. The gate is open, since z1 is above 0.',
    p2: 'Layer 2: weight times what layer 1 says. Seen from h, the slope is w2.',
    y: 'Layer 2: the output of the network.',
    e: 'How far the output is off.',
    L: 'The loss, the root of the graph: backward begins here with 1.',
  },
}

const listings: Readonly<Record<string, Listing>> = { chain, neuron, layers }

const of = (id: string): Listing => listings[id]

export const lines: Program = {
  origin: 'learn/lines',
  title: 'Line by line',
  choices: [
    {
      id: 'listing',
      label: 'Listing',
      options: Object.entries(listings).map(([id, { label }]) => [id, label] as const),
    },
  ],
  leaves: ({ listing }) => of(listing).leaves,
  formula: ({ listing }) => of(listing).formula,
  code: ({ listing }) => of(listing).code,
}

/** What is said about the line of a value. */
export const saysOf = (listing: string, name: string): string => of(listing).says[name]
