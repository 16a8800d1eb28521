/**
 * Where derivatives come from: each step an expression with its rule, checked by numbers. Read in this order: `model.ts`
 * (a derivation as data), `activations.ts`, `losses.ts` and `mechanical.ts` (the derivations), `check.ts`, `page.ts`.
 */
import { ArgumentError } from '../../errors/index.ts'
import { registry } from '../../ops/registry.ts'
import { deriveRelu, deriveSigmoid, deriveTanh } from './activations.ts'
import { deriveBce, deriveBceWithLogits, deriveCrossEntropy, deriveMse } from './losses.ts'
import { derivationOf } from './mechanical.ts'
import type { Derivation } from './model.ts'
import { DerivationPage } from './page.ts'
import { DerivativeTable } from './table.ts'

export { checkDerivation, type DerivationCheck, type Disagreement, type Kink, type StepCheck } from './check.ts'
export { derivationOf } from './mechanical.ts'
export type {
  Derivation,
  Part as DerivationPart,
  Point as DerivationPoint,
  Step as DerivationStep,
  Words as DerivationWords,
} from './model.ts'
export { DerivationPage } from './page.ts'
export { DerivativeTable } from './table.ts'

/** Those that are told step by step. */
const told: Readonly<Record<string, () => Derivation>> = {
  sigmoid: deriveSigmoid,
  tanh: deriveTanh,
  relu: deriveRelu,
  mseLoss: deriveMse,
  bceLoss: deriveBce,
  bceWithLogits: deriveBceWithLogits,
  crossEntropy: deriveCrossEntropy,
}

export const derivationNames: readonly string[] = Object.keys(told)

/**
 * How the derivative of an op or a loss comes about, step by step from its definition, each step checked by numbers.
 * sigmoid, tanh, relu, mseLoss, bceLoss, bceWithLogits and crossEntropy are told as in a textbook; any other
 * elementwise op is taken apart by the rules of differentiation.
 * @param wrt the argument in which to differentiate, for an op that is not told; the first unless given.
 * @throws ArgumentError for a name that is neither.
 * @example derivation('sigmoid').check.ok // true
 */
export function derivation(name: string, wrt?: string): DerivationPage {
  const story = Object.hasOwn(told, name) ? told[name]() : undefined
  if (story !== undefined && (wrt === undefined || wrt === story.wrt)) return new DerivationPage(story)
  const op = registry.get(name)
  if (op?.kind === 'elementwise') return new DerivationPage(derivationOf(op, wrt))
  if (story !== undefined)
    throw new ArgumentError(`derivation: ${name} is derived with respect to ${story.wrt} only, not to '${wrt}'`)
  throw new ArgumentError(`derivation: '${name}' is neither an elementwise op nor one of ${derivationNames.join(', ')}`)
}

/**
 * The functions that are told step by step, each beside its derivative.
 * @example commonDerivatives().toText().includes('∂y/∂x = 1 - y²') // true
 */
export const commonDerivatives = (): DerivativeTable => new DerivativeTable(Object.values(told).map((make) => make()))
