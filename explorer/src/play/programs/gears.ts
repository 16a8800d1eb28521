/** Chains of functions: each turns the next by its slope, as gears do. */
import type { Chosen, Program } from '../parts/program.ts'

interface Chain {
  readonly label: string
  readonly at: number
  /** Whether h is a straight line over x. */
  readonly isStraight?: true
  readonly formula: readonly string[]
  readonly code: readonly string[]
}

const chains: Readonly<Record<string, Chain>> = {
  square: {
    label: 'h = (3x + 1)²',
    at: 2,
    formula: ['u = 3*x + 1', 'h = u^2'],
    code: ['const u = x.mul(3).add(1)', 'const h = u.square()'],
  },
  gears: {
    label: 'h = 2·(3x)',
    at: 1,
    isStraight: true,
    formula: ['u = 3*x', 'h = 2*u'],
    code: ['const u = x.mul(3)', 'const h = u.mul(2)'],
  },
  sine: {
    label: 'h = sin(x²)',
    at: 2,
    formula: ['u = x^2', 'h = sin(u)'],
    code: ['const u = x.square()', 'const h = u.sin()'],
  },
  three: {
    label: 'h = sin²(3x + 1)',
    at: 0.7,
    formula: ['k = 3*x + 1', 'g = sin(k)', 'h = g^2'],
    code: ['const k = x.mul(3).add(1)', 'const g = k.sin()', 'const h = g.square()'],
  },
  fertilizer: {
    label: 'doubled, and doubled again',
    at: 1,
    isStraight: true,
    formula: ['y = 2*x', 'h = 2*y'],
    code: ['const y = x.mul(2)', 'const h = y.mul(2)'],
  },
}

export const gears: Program = {
  origin: 'play/gears',
  title: 'Gears and a nudge',
  choices: [
    { id: 'chain', label: 'Chain', options: Object.entries(chains).map(([id, { label }]) => [id, label] as const) },
  ],
  settings: ['dx'],
  leaves: ({ chain }) => [{ name: 'x', role: 'input', start: chains[chain].at }],
  formula: ({ chain }) => chains[chain].formula,
  code: ({ chain }) => chains[chain].code,
}

/** Whether the chosen chain is a straight line, whose slope is right for steps of any size. */
export const isStraight = ({ chain }: Chosen): boolean => chains[chain].isStraight === true
