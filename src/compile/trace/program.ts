/** A traced function made runnable: what is handed in, and what becomes of what it returns and changes. */
import { copyInto } from '../../backends/js/layout.ts'
import { contiguousStrides } from '../../ops/shape.ts'
import { changedTogether, fromArray, type Storage, Tensor } from '../../tensor/index.ts'
import type { Built } from '../built.ts'
import type { Plan } from '../plan/describe.ts'
import type { Profile } from '../report/profile.ts'
import type { Derivative } from './derivative.ts'
import { type ArgumentEffect, type Effects, type GradientEffect, isLive, type Output } from './effects.ts'
import { copyOf, load } from './elements.ts'
import type { Draws } from './rerun.ts'

const BY = 'a compiled function'

export class Program {
  private readonly built: Built
  private readonly effects: Effects
  /** Gradients that stay the same tensors from call to call, whose they are, and all storages that a call changes. */
  private readonly grads: readonly Tensor[]
  private readonly owners: readonly Tensor[]
  private readonly changing: readonly Storage[]
  /** Gradients that are taken away or replaced by tensors from outside. */
  private readonly replaced: readonly { readonly of: Tensor; readonly grad: Tensor | null }[]
  private readonly ofArguments: readonly GradientEffect[]
  /** What is returned where that is one tensor and nothing else. */
  private readonly single: Output | null
  private readonly derivative: Derivative | null

  constructor(built: Built, effects: Effects, derivative: Derivative | null) {
    this.built = built
    this.effects = effects
    this.derivative = derivative
    const grads: Tensor[] = []
    const owners: Tensor[] = []
    const replaced: { of: Tensor; grad: Tensor | null }[] = []
    for (const { of, grad } of effects.gradients) {
      if (!(of instanceof Tensor)) continue
      if (grad === null || grad instanceof Tensor) replaced.push({ of, grad })
      else {
        owners.push(of)
        grads.push(new Tensor(built.hold(grad.result), grad.shape, contiguousStrides(grad.shape), 0, grad.dtype))
      }
    }
    this.grads = grads
    this.owners = owners
    this.replaced = replaced
    this.changing = [...effects.states, ...grads.map(({ storage }) => storage)]
    this.ofArguments = effects.gradients.filter(({ of }) => !(of instanceof Tensor))
    const alone = {}
    this.single = effects.rebuild([alone]) === alone ? effects.outputs[0] : null
  }

  /** One call: `tensors` are those of the arguments. */
  call(args: readonly unknown[], tensors: readonly Tensor[]): unknown {
    const { built, effects, owners, grads, replaced, derivative } = this
    for (let i = 0; i < effects.inputs.length; i++) {
      const { argument, whole } = effects.inputs[i]
      const to = built.inputs[i]
      // An input that nothing depends on may have no place.
      if (to.length === 0) continue
      if (whole) to.set(tensors[argument].storage.buffer)
      else load(to, tensors[argument])
    }
    let draws: Draws | null = null
    if (derivative) draws = derivative.run()
    else built.run()
    changedTogether(this.changing, BY)
    for (let i = 0; i < owners.length; i++) if (owners[i].grad !== grads[i]) owners[i].grad = grads[i]
    for (let i = 0; i < replaced.length; i++) replaced[i].of.grad = replaced[i].grad
    for (let i = 0; i < effects.changed.length; i++) this.changeArgument(effects.changed[i], tensors)
    for (let i = 0; i < this.ofArguments.length; i++) this.giveGradient(this.ofArguments[i], tensors)
    if (this.single && !derivative) return this.output(this.single, tensors)
    const outputs = effects.outputs.map((output) => this.output(output, tensors))
    if (derivative) {
      const live = outputs.filter((_, i) => isLive(effects.outputs[i]))
      derivative.attach(args, tensors, live, draws)
    }
    return effects.rebuild(outputs)
  }

  plan(): Plan {
    return this.built.plan()
  }

  profile(runs: number): Profile {
    return this.built.profile(runs)
  }

  /** Results that are still to be differentiated need the program, which then goes with them. */
  release(): void {
    if (!this.derivative) this.built.release()
  }

  private changeArgument({ argument, result, whole }: ArgumentEffect, tensors: readonly Tensor[]): void {
    const x = tensors[argument]
    const buffer = this.built.results[result]
    if (whole) x.storage.buffer.set(buffer)
    else copyInto(x, { buffer, shape: x.shape, strides: contiguousStrides(x.shape), offset: 0, dtype: x.dtype })
    x.storage.changed(BY)
  }

  private giveGradient({ of, grad }: GradientEffect, tensors: readonly Tensor[]): void {
    const x = tensors[(of as { argument: number }).argument]
    if (grad === null || grad instanceof Tensor) x.grad = grad
    else x.grad = fromArray(copyOf(this.built.results[grad.result], grad.dtype), grad.shape, grad.dtype)
  }

  private output(output: Output, tensors: readonly Tensor[]): Tensor {
    if (output.is === 'same') return output.tensor
    if (output.is === 'argument') return tensors[output.index]
    const made = fromArray(copyOf(this.built.results[output.index], output.dtype), output.shape, output.dtype)
    if (output.tracked) made.requiresGrad = true
    if (output.retainsGrad) made.retainsGrad = true
    return made
  }
}
