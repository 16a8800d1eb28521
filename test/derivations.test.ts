/**
 * Derivations are right, and a wrong one is found out. The pages in docs/derivations/ are made from the definitions of
 * the ops: `npx vitest run test/derivations.test.ts -u` writes them anew where a definition has changed.
 */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { checkDerivation } from '../src/explain/derivation/check.ts'
import {
  commonDerivatives,
  type Derivation,
  DerivationPage,
  derivation,
  derivationNames,
  derivationOf,
} from '../src/explain/derivation/index.ts'
import { expanded, type Point } from '../src/explain/derivation/model.ts'
import { registry } from '../src/ops/registry.ts'
import { add, arg, c, evaluate, mul, neg, type Scalar } from '../src/scalar/index.ts'

const docs = fileURLToPath(new URL('../docs/derivations/', import.meta.url))

/** Pages made by machine, as examples of what every elementwise op has. */
const byMachine = ['elu', 'gelu', 'silu', 'softplus']
const documented = [...derivationNames, ...byMachine]

const derivativeAt = (d: Derivation, step: number, at: Point): number => evaluate(expanded(d, d.steps[step].is), at)

/** The derivation with another expression in one step. */
const altered = (d: Derivation, at: number, change: (is: Scalar) => Scalar): Derivation => ({
  ...d,
  steps: d.steps.map((step, i) => (i === at ? { ...step, is: change(step.is) } : step)),
})

describe.each(derivationNames)('the derivation of %s', (name) => {
  const d = derivation(name).derivation

  it('holds step by step, and ends with what the engine computes', () => {
    const check = checkDerivation(d)
    expect(check.steps.filter(({ ok }) => !ok)).toEqual([])
    expect(check.engine.error).toBeLessThan(1e-15)
    expect(check.ok).toBe(true)
  })

  it('has two steps or more', () => {
    expect(d.steps.filter(({ of }) => of === 'derivative').length).toBeGreaterThanOrEqual(2)
  })

  const changes: Record<string, (is: Scalar) => Scalar> = {
    'a wrong sign': neg,
    'a wrong factor': (is) => mul(c(1 + 1e-9), is),
    'a term too many': (is) => add(is, mul(c(1e-6), arg(d.wrt))),
  }
  for (const [what, change] of Object.entries(changes)) {
    it(`fails at any step with ${what}, and the page says which`, () => {
      for (const i of d.steps.keys()) {
        const wrong = altered(d, i, change)
        const check = checkDerivation(wrong)
        expect(check.ok).toBe(false)
        expect(check.steps.findIndex(({ ok }) => !ok)).toBe(i)
        expect(new DerivationPage(wrong).toText()).toContain(
          `✗ This derivation is wrong: step ${i + 1} does not follow.`,
        )
      }
    })
  }

  it('fails where the engine computes something else', () => {
    const wrong = { ...d, engine: (at: Point) => d.engine(at) * (1 + 1e-9) }
    expect(checkDerivation(wrong)).toMatchObject({ ok: false, steps: d.steps.map(() => ({ ok: true })) })
  })

  it('is written without NaN or an unknown name in any format', () => {
    const page = derivation(name)
    for (const line of page.toText().split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    expect(page.toHtml()).toContain('<math')
    expect(page.toTex()).toContain('\\begin{document}')
  })
})

describe('the last step', () => {
  it.each([
    [
      'sigmoid',
      [-2, -0.5, 0, 0.5, 2],
      [0.1049935854035065, 0.2350037122015945, 0.25, 0.2350037122015945, 0.10499358540350662],
    ],
    ['sigmoid', [-1000, -40, 40, 1000], [0, 4.248354255291589e-18, 4.248354255291589e-18, 0]],
    [
      'tanh',
      [-2, -0.5, 0, 0.5, 2],
      [0.07065082485316443, 0.7864477329659274, 1, 0.7864477329659274, 0.07065082485316443],
    ],
    ['tanh', [-1000, 20, 1000], [0, 1.6993417021166355e-17, 0]],
    ['relu', [-1000, -2, -0.5, 0, 0.5, 2, 1000], [0, 0, 0, 0, 1, 1, 1]],
  ])('of %s at %j is %j, as the engine has it', (name, points, expected) => {
    const d = derivation(name).derivation
    for (const [i, x] of points.entries()) {
      const slope = derivativeAt(d, d.steps.length - 1, { x })
      expect(Math.abs(slope - expected[i])).toBeLessThanOrEqual(1e-14 * Math.abs(expected[i]))
      expect(slope).toBe(d.engine({ x }))
    }
  })

  it('of the losses at the probability of the logit 0.146', () => {
    const p = 1 / (1 + Math.exp(-0.146))
    const slope = (name: string, at: Point) => {
      const d = derivation(name).derivation
      expect(d.engine(at)).toBeCloseTo(derivativeAt(d, d.steps.length - 1, at), 14)
      return d.engine(at)
    }
    expect(slope('mseLoss', { p, t: 0, n: 1 })).toBeCloseTo(1.07287, 5)
    expect(slope('bceLoss', { p, t: 0 })).toBeCloseTo(2.157196, 5)
    expect(slope('bceWithLogits', { z: 0.146, t: 0 })).toBeCloseTo(p, 15)
  })
})

describe('far out', () => {
  it('says where forms that are right on paper fail', () => {
    const { steps } = derivation('sigmoid').check
    expect(steps.map(({ extremes }) => extremes[0])).toEqual([NaN, NaN, NaN, 0, 0, 0])
    expect(steps.map(({ extremes }) => extremes[2] > 0)).toEqual([true, true, false, false, false, true])
    expect(derivation('sigmoid').toText()).toContain('Far out')
    expect(derivation('relu').toText()).not.toContain('Far out')
  })

  it('finds the cancellation of the sigmoid with the cross-entropy', () => {
    const { derivation: d, check } = derivation('bceWithLogits')
    const chain = d.steps.findIndex(({ of }) => of === 'derivative')
    expect(check.steps[chain].extremes[3]).toBeNaN()
    expect(check.steps[chain + 1].extremes[3]).toBe(1)
  })
})

describe('kinks', () => {
  it('relu has the slopes 0 and 1 at 0 and takes 0', () => {
    expect(derivation('relu').check.kinks).toEqual([{ at: 0, jump: false, left: 0, right: 1, chosen: 0 }])
    expect(derivation('relu').toText()).toContain('the slope is 0 from the left and 1 from the right: a kink')
  })

  it('tells a jump from a kink, and finds neither in what is smooth', () => {
    expect(derivation('floor').check.kinks.map(({ at, jump }) => [at, jump])).toEqual(
      [-2, -1, 0, 1, 2].map((at) => [at, true]),
    )
    expect(derivation('abs').check.kinks).toEqual([{ at: 0, jump: false, left: -1, right: 1, chosen: 0 }])
    for (const name of ['sigmoid', 'tanh', 'square', 'gelu']) expect(derivation(name).check.kinks).toEqual([])
  })
})

describe('by machine', () => {
  const ops = [...registry.values()].filter((op) => op.kind === 'elementwise').filter((op) => op.differentiable)
  it.each(ops.flatMap((op) => op.args.map((wrt) => [op.name, wrt, op] as const)))(
    'derives %s with respect to %s',
    (_, wrt, op) => {
      const d = derivationOf(op, wrt)
      expect(checkDerivation(d)).toMatchObject({ ok: true })
      for (const line of new DerivationPage(d).toText().split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    },
  )

  it('gives each operation one rule, and puts the parts together', () => {
    const d = derivationOf(registry.get('silu')! as (typeof ops)[number])
    expect(d.parts.map(({ by }) => by)).toContain('product rule')
    const sigmoid = derivationOf(registry.get('sigmoid')! as (typeof ops)[number])
    expect(sigmoid.parts.map(({ name, by }) => [name, by])).toEqual([
      ['u1', 'sign'],
      ['u2', 'exponential'],
      ['u3', 'constant term'],
      ['y', 'quotient rule'],
    ])
  })

  it('is found out where a differential is wrong', () => {
    const d = derivationOf(registry.get('silu')! as (typeof ops)[number])
    const parts = d.parts.map((part, i) => (i === 1 ? { ...part, differential: neg(part.differential) } : part))
    const page = new DerivationPage({ ...d, parts })
    expect(page.check.ok).toBe(false)
    expect(page.toText()).toContain('the differential of u2 is not its slope')
  })
})

describe('the picture', () => {
  it.each([
    ['sigmoid', 2],
    ['tanh', 2],
    ['relu', 1],
    ['bceWithLogits', 1],
    ['mseLoss', 0],
    ['abs', 0],
    ['zero', 0],
  ])('of %s has %i stretches where its slope is next to nothing', (name, count) => {
    expect(derivation(name).toSvg({ theme: 'light' }).split('>saturated<').length - 1).toBe(count)
  })
})

describe('mistakes', () => {
  it.each([
    [() => derivation('sigmod'), /'sigmod' is neither an elementwise op nor one of sigmoid, tanh, relu, mseLoss/],
    [() => derivation('matmul'), /'matmul' is neither/],
    [() => derivation('constructor'), /'constructor' is neither/],
    [() => derivation('sigmoid', 'y'), /sigmoid has no argument 'y', only x/],
    [() => derivation('bceLoss', 't'), /with respect to p only, not to 't'/],
    [() => derivation('lt'), /lt has no derivative, as its result is bool/],
  ])('%s is refused', (run, message) => {
    expect(run).toThrow(message)
  })
})

function indexPage(): string {
  const link = (name: string) => `[${name}](${name}.md)`
  const table = commonDerivatives()
    .toMarkdown()
    .replace(/^# .*\n+/, '')
    .replace(/^\| (\w+) \| (?=\$)/gm, (_, name: string) => `| ${link(name)} | `)
  return `# Derivations

Where the derivatives of the common activations and losses come from: from the formula that runs to the derivative that
runs, each step with its rule. Every step is evaluated and compared with the one before it, with difference quotients and
with what \`backward\` gives, and where a form that is right on paper fails in floating point, its page says so.

${table.trim()}

Any other elementwise op is taken apart into single operations, each with its rule, as in ${byMachine.map(link).join(', ')}.
\`derivation(name)\` gives each of these pages as text, TeX, Markdown and HTML.
`
}

describe('docs/derivations', () => {
  it.each(documented)('%s has its page and its picture', async (name) => {
    const page = derivation(name)
    const picture = page.toMarkdown().replace(/^\*(.+)\*$/m, `![$1](${name}.svg)`)
    await expect(`${picture}\n`).toMatchFileSnapshot(`${docs}${name}.md`)
    await expect(page.toSvg()).toMatchFileSnapshot(`${docs}${name}.svg`)
  })

  it('has an index', async () => {
    await expect(indexPage()).toMatchFileSnapshot(`${docs}README.md`)
  })

  it('has no page of something else', () => {
    const known = new Set(['README.md', ...documented.flatMap((name) => [`${name}.md`, `${name}.svg`])])
    expect(readdirSync(docs, { encoding: 'utf8' }).filter((file) => !known.has(file))).toEqual([])
  })
})
