/**
 * Optimizers, learning rate schedules and gradient clipping. Read in this order: `optimizer.ts`, `rule.ts`,
 * `elementwise.ts`, `sgd.ts`, `adam.ts` and its kin, `trace.ts`, `lbfgs.ts`; then `schedulers/scheduler.ts`.
 */
import '../functional/fluent.ts'

export { Adagrad, type AdagradOptions } from './adagrad.ts'
export { Adam, type AdamOptions } from './adam.ts'
export { Adamax, type AdamaxOptions } from './adamax.ts'
export { AdamW } from './adamw.ts'
export { type ClipGradNormOptions, clipGradNorm, clipGradValue } from './clip.ts'
export { ElementwiseOptimizer } from './elementwise.ts'
export type { GroupInput, Hyper, NamedTensor, ParamGroup, ParamsInput } from './groups.ts'
export { LBFGS, type LBFGSOptions } from './lbfgs.ts'
export { Lion, type LionOptions } from './lion.ts'
export { NAdam, type NAdamOptions } from './nadam.ts'
export { Optimizer, type OptimizerState, type SavedState, type StateValue } from './optimizer.ts'
export { RAdam, type RAdamOptions } from './radam.ts'
export { RMSprop, type RMSpropOptions } from './rmsprop.ts'
export { CosineAnnealingLR, type CosineAnnealingLROptions } from './schedulers/cosine-annealing-lr.ts'
export {
  CosineAnnealingWarmRestarts,
  type CosineAnnealingWarmRestartsOptions,
} from './schedulers/cosine-annealing-warm-restarts.ts'
export { ExponentialLR, type ExponentialLROptions } from './schedulers/exponential-lr.ts'
export { LinearLR, type LinearLROptions } from './schedulers/linear-lr.ts'
export { MultiStepLR, type MultiStepLROptions } from './schedulers/multi-step-lr.ts'
export { OneCycleLR, type OneCycleLROptions } from './schedulers/one-cycle-lr.ts'
export { PolynomialLR, type PolynomialLROptions } from './schedulers/polynomial-lr.ts'
export {
  ReduceLROnPlateau,
  type ReduceLROnPlateauOptions,
  type ReduceLROnPlateauState,
} from './schedulers/reduce-lr-on-plateau.ts'
export { LRScheduler, type SchedulerOptions, type SchedulerState } from './schedulers/scheduler.ts'
export { StepLR, type StepLROptions } from './schedulers/step-lr.ts'
export { SGD, type SGDOptions } from './sgd.ts'
