/**
 * A step of an optimizer as data: formulas for the parameter and its state, and the numbers that enter them. What the
 * options switch on or off chooses the formulas; how large they are is a number, read anew at every step.
 */
import { add, arg, mul, neg, type Scalar } from '../scalar/index.ts'
import { type Tensor, type UpdateRule, updateRule } from '../tensor/index.ts'
import type { Hyper } from './groups.ts'

/** The formulas read the parameter `x`, its gradient `g`, the tensors of its state and the numbers, each by its name. */
export interface StepSource<H, S, N extends string> {
  readonly name: string
  /** The tensors of the state that the step reads and changes. */
  readonly state: readonly (keyof S & N)[]
  /** Numbers of the group, the same for all of its parameters. */
  readonly shared: readonly N[]
  sharedNumbers(group: H): readonly number[]
  /** Numbers of one parameter, from the numbers in its state alone. */
  readonly own: readonly N[]
  /** Moves the numbers in the state on; `fresh` is true at the first step of a parameter. */
  ownNumbers(group: H, state: S, fresh: boolean): readonly number[]
  /** The new parameter, then the new state. */
  formulas(args: Readonly<Record<N | 'x' | 'g', Scalar>>): readonly Scalar[]
}

export interface StepRule<H extends Hyper = Hyper, S extends object = object> {
  readonly update: UpdateRule
  readonly state: readonly (keyof S & string)[]
  readonly shared: number
  readonly own: number
  sharedNumbers(group: H): readonly number[]
  ownNumbers(group: H, state: S, fresh: boolean): readonly number[]
}

const NONE: readonly number[] = []

/** Says `own` and `ownNumbers` of a step whose numbers are all those of its group. */
export const nothingOwn = { own: [], ownNumbers: () => NONE } as const

function stepRule<H extends Hyper, S extends object, const N extends string>(
  source: StepSource<H, S, N>,
): StepRule<H, S> {
  const { name, state, shared, own } = source
  const targets = ['x', ...state]
  const scalars = [...shared, ...own]
  const args = Object.fromEntries([...targets, 'g', ...scalars].map((n) => [n, arg(n)])) as Record<
    N | 'x' | 'g',
    Scalar
  >
  return {
    update: updateRule({ name, targets, reads: ['g'], scalars, formulas: source.formulas(args) }),
    state,
    shared: shared.length,
    own: own.length,
    sharedNumbers: (group) => source.sharedNumbers(group),
    ownNumbers: (group, parameterState, fresh) => source.ownNumbers(group, parameterState, fresh),
  }
}

/** One rule per combination of switches, made when first needed; the same switches give the same rule. */
export function stepRules<H extends Hyper, S extends object, const N extends string>(
  switches: (group: H) => readonly boolean[],
  make: (...on: boolean[]) => StepSource<H, S, N>,
): (group: H) => StepRule<H, S> {
  const made: StepRule<H, S>[] = []
  return (group) => {
    const on = switches(group)
    let key = 0
    for (let i = 0; i < on.length; i++) if (on[i]) key |= 1 << i
    return (made[key] ??= stepRule(make(...on)))
  }
}

/** What the formulas of a rule change: the parameter and the tensors of its state. */
export function targetsOf<H extends Hyper, S extends object>(x: Tensor, state: S, rule: StepRule<H, S>): Tensor[] {
  const targets = [x]
  for (let k = 0; k < rule.state.length; k++) targets.push(state[rule.state[k]] as Tensor)
  return targets
}

/** The gradient to descend along: with the sign of what is asked for and, with weight decay in the gradient, + λ θ. */
export function penalized(
  { g, x, weightDecay }: Readonly<Record<'g' | 'x' | 'weightDecay', Scalar>>,
  maximize: boolean,
  decays: boolean,
): Scalar {
  const signed = maximize ? neg(g) : g
  return decays ? add(signed, mul(weightDecay, x)) : signed
}

/** β a + (1 - β) b. The host computes 1 - β, which float32 would round too much for a β near 1. */
export const averaged = (beta: Scalar, a: Scalar, rest: Scalar, b: Scalar): Scalar => add(mul(beta, a), mul(rest, b))

/** As `averaged`, for b². */
export const averagedSquare = (beta: Scalar, a: Scalar, rest: Scalar, b: Scalar): Scalar =>
  add(mul(beta, a), mul(mul(rest, b), b))
