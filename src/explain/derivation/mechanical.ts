/**
 * The derivation of any elementwise op, made by machine. The formula is taken apart into single operations; each gets
 * its differential by one rule from those of its operands; the last one, divided by dx, is the derivative. This is
 * what the engine does when an author gives a formula and nothing else.
 */

import { gradients } from '../../autodiff/index.ts'
import { ArgumentError } from '../../errors/index.ts'
import type { ElementwiseDefinition } from '../../ops/kinds/elementwise.ts'
import { apply, type Op } from '../../ops/kinds/op.ts'
import {
  arg,
  c,
  fold,
  type Intrinsic,
  intrinsics,
  type Scalar,
  simplifier,
  substitute,
  toText,
} from '../../scalar/index.ts'
import { type Tensor, tensor } from '../../tensor/index.ts'
import { between, type Derivation, derivativeStep, implementationStep, type Part, words } from './model.ts'

/** The rule for each operation, in a word or two. */
const rules: Readonly<Record<Intrinsic, string>> = {
  add: 'sum',
  sub: 'sum',
  mul: 'product rule',
  div: 'quotient rule',
  neg: 'sign',
  abs: 'sign of the argument',
  sign: 'constant pieces',
  floor: 'constant pieces',
  round: 'constant pieces',
  min: 'the smaller one',
  max: 'the larger one',
  fmod: 'dividend and divisor',
  sqrt: 'power rule',
  pow: 'power rule',
  exp: 'exponential',
  expm1: 'exponential',
  log: 'logarithm',
  log1p: 'logarithm',
  sin: 'sine',
  cos: 'cosine',
  asin: 'inverse sine',
  acos: 'inverse cosine',
  atan2: 'angle',
  sinh: 'hyperbolic sine',
  cosh: 'hyperbolic cosine',
  tanh: 'hyperbolic tangent',
  erf: 'bell curve',
  erfc: 'bell curve',
  eq: 'constant pieces',
  lt: 'constant pieces',
  le: 'constant pieces',
  select: 'piece by piece',
}

/**
 * The derivation of an elementwise op with respect to one of its arguments, the first unless told.
 * @throws ArgumentError for an argument that the op does not have, and for an op through which nothing flows back.
 * @example derivationOf(sigmoid).parts.map((part) => part.by) // ['sign', 'exponential', 'constant term', 'quotient rule']
 */
export function derivationOf(op: ElementwiseDefinition, wrt: string = op.args[0]): Derivation {
  const index = op.args.indexOf(wrt)
  if (index < 0)
    throw new ArgumentError(`derivationOf: ${op.name} has no argument '${wrt}', only ${op.args.join(', ')}`)
  if (!op.differentiable)
    throw new ArgumentError(`derivationOf: ${op.name} has no derivative, as its result is ${op.dtype}, not a number`)
  const { parts, symbols, slope } = takeApart(op.formula, wrt)
  const steps = [derivativeStep(slope, words`Put the differentials together and divide by ${arg(`d${wrt}`)}.`)]
  if (op.handwritten[index] && toText(op.partials[index]) !== toText(slope))
    steps.push(
      implementationStep(op.partials[index], words`The same function in a form that keeps more digits or costs less.`),
    )
  const respect = op.args.length === 1 ? '' : ` with respect to ${wrt}`
  const samples = Object.fromEntries(op.args.map((a) => [a, between(...(op.domain?.[a] ?? ([-2, 2] as const)))]))
  const place = (share: number) =>
    Object.fromEntries(op.args.map((a) => [a, a === wrt ? samples[a](share) : (op.defaults[a] ?? samples[a](0.75))]))
  return {
    name: op.name,
    title: `The derivative of ${op.name}${respect}`,
    summary: words`The formula is taken apart into single operations. Each gets its differential by one rule from those of its operands; the last one is the derivative.`,
    result: 'y',
    wrt,
    formula: op.formula,
    symbols: { ...(op.args.includes('y') ? {} : { y: op.formula }), ...symbols },
    parts,
    steps,
    samples,
    table: [0, 0.25, 0.5, 0.75, 1].map(place),
    extremes: (op.points ?? []).flatMap(({ at, partials }) =>
      partials !== undefined && at.every(Number.isFinite)
        ? [Object.fromEntries(op.args.map((a, i) => [a, at[i]]))]
        : [],
    ),
    remarks: [],
    engine: (at) =>
      slopeAt(
        op,
        op.args.map((a) => at[a]),
        index,
      ),
  }
}

function slopeAt(op: ElementwiseDefinition, at: readonly number[], index: number): number {
  const inputs = at.map((x) => tensor(x, { dtype: 'float64', requiresGrad: true }))
  return gradients(apply<Tensor>(op as Op, inputs, {}), [inputs[index]])[0].item()
}

/** A sub-expression: how it is written, and its differential; null where it does not depend. */
interface Taken {
  readonly is: Scalar
  readonly differential: Scalar | null
}

interface Apart {
  readonly parts: readonly Part[]
  readonly symbols: Readonly<Record<string, Scalar>>
  /** The derivative, in the names of the parts. */
  readonly slope: Scalar
}

function takeApart(formula: Scalar, wrt: string): Apart {
  const parts: Part[] = []
  const symbols: Record<string, Scalar> = {}
  /** The differentials for dx = 1, in the names of the parts. */
  const slopes: Record<string, Scalar> = { [`d${wrt}`]: c(1) }
  const name = (node: Scalar) => (node === formula ? 'y' : `u${parts.length + 1}`)
  const { differential } = fold<Taken>(formula, (node, of) => {
    if (node.is !== 'call')
      return { is: node, differential: node.is === 'arg' && node.name === wrt ? arg(`d${wrt}`) : null }
    const is: Scalar = { ...node, of: of.map((child) => child.is) }
    const differential = differentialOf(node.fn, of, is, name(node))
    if (differential === null) return { is, differential }
    const part = { name: name(node), is, differential, by: ruleOf(node.fn, of) }
    parts.push(part)
    symbols[part.name] = substitute(is, symbols)
    slopes[`d${part.name}`] = simplifier().simplify(substitute(differential, slopes))
    return { is: arg(part.name), differential: arg(`d${part.name}`) }
  })
  for (const [d, slope] of Object.entries(slopes)) symbols[d] = substitute(slope, symbols)
  return {
    parts,
    symbols,
    slope: differential === null ? c(0) : simplifier().simplify(substitute(differential, slopes)),
  }
}

/** The chain rule for one operation, with the name of its result where that occurs in its own slope. */
function differentialOf(fn: Intrinsic, of: readonly Taken[], is: Scalar, name: string): Scalar | null {
  if (of.every(({ differential }) => differential === null)) return null
  const { build, simplify } = simplifier()
  const rule = intrinsics[fn]
  const operands = of.map((child) => child.is)
  const own = simplify(is)
  const named = (s: Scalar) =>
    fold<Scalar>(simplify(s), (node, children) => {
      if (node === own) return arg(name)
      return node.is === 'call' ? { ...node, of: children } : node
    })
  if (rule.chain !== undefined)
    return named(
      rule.chain(
        operands,
        of.map((child) => child.differential ?? c(0)),
      ),
    )
  const terms = rule.partials(...operands).flatMap((partial, i) => {
    const { differential } = of[i]
    const slope = simplify(partial)
    const vanishes = differential === null || (slope.is === 'const' && slope.value === 0)
    return vanishes ? [] : [build('mul', named(slope), differential)]
  })
  return terms.length === 0 ? null : terms.reduce((sum, term) => build('add', sum, term))
}

/** Where one operand is constant, a product and a sum have rules of their own. */
function ruleOf(fn: Intrinsic, of: readonly Taken[]): string {
  const constant = of.some(({ differential }) => differential === null)
  if (fn === 'mul' && constant) return 'constant factor'
  if (fn === 'div' && of[1].differential === null) return 'constant factor'
  if ((fn === 'add' || fn === 'sub') && constant) return 'constant term'
  return rules[fn]
}
