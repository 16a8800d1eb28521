/** Programs in which one value reaches the result in several ways: the gradient is the sum over them. */
import type { Chosen, Leaf, Program } from '../parts/program.ts'

interface Example {
  readonly label: string
  readonly leaves: readonly Leaf[]
  readonly formula: readonly string[]
  readonly code: readonly string[]
}

const input = (name: string, start: number): Leaf => ({ name, role: 'input', start })

/** a + a, again and again: each addition doubles the number of paths, and the graph grows by one node only. */
function doubling(times: number): Example {
  const name = (k: number) => (k === 0 ? 'a' : k === times ? 'L' : `a${k}`)
  const each = <T>(write: (result: string, operand: string) => T): T[] =>
    Array.from({ length: times }, (_, k) => write(name(k + 1), name(k)))
  return {
    label: `a + a, ${times} times: 2${superscript(times)} paths`,
    leaves: [input('a', 1)],
    formula: each((y, x) => `${y} = ${x} + ${x}`),
    code: each((y, x) => `const ${y} = ${x}.add(${x})`),
  }
}

const superscript = (n: number): string => String(n).replace(/\d/g, (d) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(d)])

/** One hidden value feeds three neurons. */
function neurons(): Example {
  const terms = [1, 2, 3]
  return {
    label: 'One value, three neurons',
    leaves: [input('h', 0.5), ...[1, -2, 0.75].map((w, i) => input(`w${i + 1}`, w))],
    formula: [
      ...[0.1, 0.2, -0.3].map((b, i) => `y${i + 1} = tanh(h*w${i + 1} + ${b})`),
      ...[0.5, -0.5, 0].map((t, i) => `e${i + 1} = (y${i + 1} - ${t})^2`),
      'L = e1 + e2 + e3',
    ],
    code: [
      ...[0.1, 0.2, -0.3].map((b, i) => `const y${i + 1} = h.mul(w${i + 1}).add(${b}).tanh()`),
      ...[0.5, -0.5, 0].map((t, i) => `const e${i + 1} = y${i + 1}.sub(${t}).square()`),
      `const L = ${terms.map((i) => (i === 1 ? 'e1' : `.add(e${i})`)).join('')}`,
    ],
  }
}

const examples: Readonly<Record<string, Example>> = {
  factors: {
    label: 'e = (a + b)(b + 1)',
    leaves: [input('a', 2), input('b', 1)],
    formula: ['c = a + b', 'd = b + 1', 'e = c*d'],
    code: ['const c = a.add(b)', 'const d = b.add(1)', 'const e = c.mul(d)'],
  },
  neurons: neurons(),
  fan: {
    label: 'x², sin x and x itself',
    leaves: [input('x', 1.3)],
    formula: ['u = x^2', 'v = sin(x)', 'L = u*v + x'],
    code: ['const u = x.square()', 'const v = x.sin()', 'const L = u.mul(v).add(x)'],
  },
  same: {
    label: 'x·x + x',
    leaves: [input('x', 3)],
    formula: ['s = x*x', 'L = s + x'],
    code: ['const s = x.mul(x)', 'const L = s.add(x)'],
  },
  ...Object.fromEntries([3, 10, 30, 100].map((n) => [`doubling-${n}`, doubling(n)])),
}

const example = ({ example }: Chosen): Example => examples[example]

export const paths: Program = {
  origin: 'play/paths',
  title: 'Sum over paths',
  choices: [
    {
      id: 'example',
      label: 'Example',
      options: Object.entries(examples).map(([id, { label }]) => [id, label] as const),
    },
  ],
  leaves: (chosen) => example(chosen).leaves,
  formula: (chosen) => example(chosen).formula,
  code: (chosen) => example(chosen).code,
}
