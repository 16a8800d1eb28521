/**
 * How derivatives flow. Read in this order: `propagate.ts` (reverse mode over the tape), `backward.ts`, `reverse.ts`,
 * `forward.ts`, `vmap.ts`, `jacobian.ts`, then what is built on them.
 */
export { type BackwardOptions, backward, type GradientsOptions, gradients } from './backward.ts'
export { type CheckGradientsOptions, checkGradients } from './check-gradients.ts'
export { checkpoint } from './checkpoint.ts'
export { defineFunction, type FunctionContext, type FunctionSource } from './define-function.ts'
export { detectAnomaly } from './detect-anomaly.ts'
export { jvp } from './forward.ts'
export { hessian, hvp, type Jacobian, jacfwd, jacobian, jacrev } from './jacobian.ts'
export { type Argnums, type Chosen, grad, valueAndGrad, vjp } from './reverse.ts'
export { type VmapOptions, vmap } from './vmap.ts'
