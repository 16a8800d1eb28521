/** A network and its optimizer, as a user of the library would write them. */
import { manualSeed, noGrad, type Tensor } from 'chainrule'
import * as nn from 'chainrule/nn'
import * as optim from 'chainrule/optim'
import type { Samples } from '../data/samples.ts'
import type { Activation, Init, OptimizerName, Settings } from '../settings.ts'

const activations: Record<Activation, (() => nn.Layer) | null> = {
  tanh: () => new nn.Tanh(),
  relu: () => new nn.ReLU(),
  sigmoid: () => new nn.Sigmoid(),
  leakyRelu: () => new nn.LeakyReLU(),
  gelu: () => new nn.GELU(),
  silu: () => new nn.SiLU(),
  linear: null,
}

const inits: Record<Init, ((weight: Tensor) => void) | null> = {
  default: null,
  xavierUniform: (w) => void nn.init.xavierUniform_(w),
  kaimingNormal: (w) => void nn.init.kaimingNormal_(w),
  orthogonal: (w) => void nn.init.orthogonal_(w),
  small: (w) => void nn.init.normal_(w, { std: 0.01 }),
  large: (w) => void nn.init.normal_(w, { std: 3 }),
  zeros: (w) => void nn.init.zeros_(w),
}

const optimizers: Record<OptimizerName, (params: Tensor[], lr: number) => optim.Optimizer> = {
  adam: (params, lr) => new optim.Adam(params, { lr }),
  adamw: (params, lr) => new optim.AdamW(params, { lr }),
  sgd: (params, lr) => new optim.SGD(params, { lr }),
  momentum: (params, lr) => new optim.SGD(params, { lr, momentum: 0.9 }),
  rmsprop: (params, lr) => new optim.RMSprop(params, { lr }),
}

/** All that decides how training goes on, except for the data. */
export interface Snapshot {
  readonly step: number
  readonly model: nn.StateDict
  readonly optimizer: optim.OptimizerState
}

export interface Taken {
  readonly loss: number
  /** ‖∂L/∂W‖ of every linear layer. */
  readonly norms: readonly number[]
}

export class Learner {
  readonly model: nn.Sequential
  readonly optimizer: optim.Optimizer
  readonly #linears: readonly nn.Linear[]
  readonly #isBinary: boolean

  constructor(settings: Settings, { features, classes }: Samples) {
    manualSeed(settings.seed)
    this.#isBinary = classes === 2
    const { layers, width } = settings
    const sizes = [features, ...Array<number>(layers).fill(width), this.#isBinary ? 1 : classes]
    this.#linears = sizes.slice(1).map((size, i) => new nn.Linear(sizes[i], size))
    const init = inits[settings.init]
    if (init) for (const { weight, bias } of this.#linears) [init(weight), bias && nn.init.zeros_(bias)]
    const activation = activations[settings.activation]
    const last = this.#linears.length - 1
    this.model = new nn.Sequential(
      ...this.#linears.flatMap((linear, i) => (i < last && activation ? [linear, activation()] : [linear])),
    )
    this.optimizer = optimizers[settings.optimizer]([...this.model.parameters()], settings.lr)
  }

  /** What each layer is called, in the model and on screen: its key. */
  get layers(): readonly string[] {
    return [...this.model.namedParameters()].map(([key]) => key).filter((key) => key.endsWith('.weight'))
  }

  /** Of examples [n, features]: [n] for two classes, [n, classes] for more. */
  logits(x: Tensor): Tensor {
    const y = this.model.forward(x)
    return this.#isBinary ? y.squeeze(1) : y
  }

  loss(x: Tensor, y: Tensor): Tensor {
    return this.#isBinary ? nn.bceWithLogits(this.logits(x), y) : nn.crossEntropy(this.logits(x), y)
  }

  /** One step of training; `watch` is called with the loss while the gradients are still there. */
  advance(x: Tensor, y: Tensor, watch?: (loss: number) => void): Taken {
    const loss = this.loss(x, y)
    loss.backward()
    this.optimizer.step()
    const taken = { loss: loss.item(), norms: this.#linears.map(({ weight }) => normOf(weight.grad)) }
    watch?.(taken.loss)
    this.optimizer.zeroGrad()
    return taken
  }

  set rate(lr: number) {
    for (const group of this.optimizer.paramGroups) group.lr = lr
  }

  /** Loss and share of right answers. */
  examine({ x, y }: { readonly x: Tensor; readonly y: Tensor }): { readonly loss: number; readonly accuracy: number } {
    return noGrad(() => {
      const logits = this.logits(x)
      const loss = this.#isBinary ? nn.bceWithLogits(logits, y) : nn.crossEntropy(logits, y)
      const answers = this.#isBinary ? logits.gt(0) : logits.argmax(1)
      return { loss: loss.item(), accuracy: answers.eq(y).sum().item() / x.shape[0] }
    })
  }

  /** Probabilities: [n] of the second class where there are two, else [n, classes]. */
  probabilities(x: Tensor): Tensor {
    return noGrad(() => (this.#isBinary ? this.logits(x).sigmoid() : this.logits(x).softmax(1)))
  }

  save(step: number): Snapshot {
    return { step, model: this.model.stateDict(), optimizer: this.optimizer.stateDict() }
  }

  load({ model, optimizer }: Snapshot): void {
    this.model.loadStateDict(model)
    this.optimizer.loadStateDict(optimizer)
  }
}

/** The Euclidean norm of a gradient as it lies there: no op of its own, which a monitor would see as one of the network. */
function normOf(gradient: Tensor | null): number {
  let sum = 0
  for (const g of gradient?.data ?? []) sum += Number(g) ** 2
  return Math.sqrt(sum)
}
