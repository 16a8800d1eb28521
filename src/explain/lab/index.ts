/**
 * Experiments with the chain rule. How gradients fare: `factor-product.ts` (bare numbers), `activation-flow.ts`
 * (activations), `depth-lab.ts` (whole networks). What derivatives cost: `mode-passes.ts`, `mode-cost.ts`,
 * `bracketing-cost.ts`. How approximations err: `linearization.ts`, `difference-order.ts`.
 */
export type { Activation } from './activation.ts'
export { type ActivationDecay, type ActivationFlowOptions, activationFlow } from './activation-flow.ts'
export { ActivationFlow } from './activation-flow-document.ts'
export { type Bracketing, bracketingCost } from './bracketing-cost.ts'
export { BracketingCost } from './bracketing-cost-document.ts'
export { compareDepth } from './compare-depth.ts'
export type { OperationCount } from './counting.ts'
export { DepthComparison } from './depth-comparison.ts'
export {
  type ActivationReport,
  type DepthLabOptions,
  type DepthLayer,
  type DepthSettings,
  depthLab,
} from './depth-lab.ts'
export { DepthStudy } from './depth-study.ts'
export { type Difference, type DifferenceStep, differenceOrder, type FormulaSummary } from './difference-order.ts'
export { DifferenceOrder } from './difference-order-document.ts'
export { type FormatRange, factorProduct } from './factor-product.ts'
export { FactorProduct } from './factor-product-document.ts'
export type { Grade } from './grade.ts'
export type { JacobianCost, JacobianCosts } from './jacobian-cost.ts'
export { type LinearStep, linearization } from './linearization.ts'
export { Linearization } from './linearization-document.ts'
export type { Agreement, EntrySample } from './mode-agreement.ts'
export { type ModeCostOptions, modeCost, type Recommendation } from './mode-cost.ts'
export { ModeCost } from './mode-cost-document.ts'
export { type Mode, type ModePasses, modePasses } from './mode-passes.ts'
export type { Init, Normalization } from './network.ts'
export type { PassCounts, PassTimes } from './passes.ts'
export type { SlopeProfile } from './slope-profile.ts'
export type { Verdict } from './verdict.ts'
