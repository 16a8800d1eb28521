/** Activations as modules: elementwise functions that can stand in a `Sequential`. */
import { logSoftmax, softmax } from '../functional/reductions/index.ts'
import * as f from '../ops/elementwise/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { Module } from './module.ts'
import { settings, settingsText } from './settings.ts'

/** @example new nn.ReLU().forward(tensor([-1, 2])) // [0, 2] */
export class ReLU extends Module {
  forward(x: Tensor): Tensor {
    return f.relu(x)
  }
}

/** @example new nn.ReLU6().forward(tensor([-1, 9])) // [0, 6] */
export class ReLU6 extends Module {
  forward(x: Tensor): Tensor {
    return f.relu6(x)
  }
}

/** @example new nn.SELU().forward(tensor([0, 1])) // [0, 1.0507] */
export class SELU extends Module {
  forward(x: Tensor): Tensor {
    return f.selu(x)
  }
}

/** @example new nn.SiLU().forward(tensor([0, 1])) // [0, 0.7311] */
export class SiLU extends Module {
  forward(x: Tensor): Tensor {
    return f.silu(x)
  }
}

/** @example new nn.Mish().forward(tensor([0, 1])) // [0, 0.8651] */
export class Mish extends Module {
  forward(x: Tensor): Tensor {
    return f.mish(x)
  }
}

/** @example new nn.Sigmoid().forward(tensor([0])) // [0.5] */
export class Sigmoid extends Module {
  forward(x: Tensor): Tensor {
    return f.sigmoid(x)
  }
}

/** @example new nn.LogSigmoid().forward(tensor([0])) // [-0.6931] */
export class LogSigmoid extends Module {
  forward(x: Tensor): Tensor {
    return f.logSigmoid(x)
  }
}

/** @example new nn.Hardsigmoid().forward(tensor([0, 3])) // [0.5, 1] */
export class Hardsigmoid extends Module {
  forward(x: Tensor): Tensor {
    return f.hardsigmoid(x)
  }
}

/** @example new nn.Hardswish().forward(tensor([0, 3])) // [0, 3] */
export class Hardswish extends Module {
  forward(x: Tensor): Tensor {
    return f.hardswish(x)
  }
}

/** @example new nn.Softsign().forward(tensor([1])) // [0.5] */
export class Softsign extends Module {
  forward(x: Tensor): Tensor {
    return f.softsign(x)
  }
}

/** @example new nn.Tanh().forward(tensor([0])) // [0] */
export class Tanh extends Module {
  forward(x: Tensor): Tensor {
    return f.tanh(x)
  }
}

/** Activations with settings, which are given in order or by name. */
abstract class Adjustable<S extends object> extends Module {
  readonly settings: S

  constructor(given: readonly unknown[], defaults: S) {
    super()
    this.settings = settings(this.constructor.name, given, defaults)
  }

  override extraRepr(): string {
    return settingsText(this.settings)
  }
}

/** @example new nn.LeakyReLU(0.1).forward(tensor([-1, 2])) // [-0.1, 2] */
export class LeakyReLU extends Adjustable<{ negativeSlope: number }> {
  constructor(negativeSlope?: number | { readonly negativeSlope?: number }) {
    super([negativeSlope], { negativeSlope: 0.01 })
  }

  forward(x: Tensor): Tensor {
    return f.leakyRelu(x, this.settings)
  }
}

/** @example new nn.ELU().forward(tensor([0, 2])) // [0, 2] */
export class ELU extends Adjustable<{ alpha: number }> {
  constructor(alpha?: number | { readonly alpha?: number }) {
    super([alpha], { alpha: 1 })
  }

  forward(x: Tensor): Tensor {
    return f.elu(x, this.settings)
  }
}

/** @example new nn.GELU().forward(tensor([0, 1])) // [0, 0.8413] */
export class GELU extends Adjustable<{ approximate: 'none' | 'tanh' }> {
  constructor(options?: { readonly approximate?: 'none' | 'tanh' }) {
    super([options], { approximate: 'none' })
  }

  forward(x: Tensor): Tensor {
    return f.gelu(x, this.settings)
  }
}

/** @example new nn.Softplus().forward(tensor([0])) // [0.6931] */
export class Softplus extends Adjustable<{ beta: number; threshold: number }> {
  constructor(beta?: number | { readonly beta?: number; readonly threshold?: number }, threshold?: number) {
    super([beta, threshold], { beta: 1, threshold: 20 })
  }

  forward(x: Tensor): Tensor {
    return f.softplus(x, this.settings)
  }
}

/** @example new nn.Hardtanh().forward(tensor([-2, 0.5])) // [-1, 0.5] */
export class Hardtanh extends Adjustable<{ minVal: number; maxVal: number }> {
  constructor(minVal?: number | { readonly minVal?: number; readonly maxVal?: number }, maxVal?: number) {
    super([minVal, maxVal], { minVal: -1, maxVal: 1 })
  }

  forward(x: Tensor): Tensor {
    return f.hardtanh(x, this.settings.minVal, this.settings.maxVal)
  }
}

/** @example new nn.Softmax().forward(tensor([0, 0])) // [0.5, 0.5] */
export class Softmax extends Adjustable<{ dim: number }> {
  constructor(dim?: number | { readonly dim?: number }) {
    super([dim], { dim: -1 })
  }

  forward(x: Tensor): Tensor {
    return softmax(x, this.settings.dim)
  }
}

/** @example new nn.LogSoftmax().forward(tensor([0, 0])) // [-0.6931, -0.6931] */
export class LogSoftmax extends Adjustable<{ dim: number }> {
  constructor(dim?: number | { readonly dim?: number }) {
    super([dim], { dim: -1 })
  }

  forward(x: Tensor): Tensor {
    return logSoftmax(x, this.settings.dim)
  }
}
