/** The network of the depth lab: blocks that are all alike, one after the other, and a linear layer at the end. */
import { ArgumentError } from '../../errors/index.ts'
import { BatchNorm1d, Identity, init, type Layer, LayerNorm, Linear, Module, RMSNorm } from '../../nn/index.ts'
import { shown } from '../../ops/arguments.ts'
import { add } from '../../ops/elementwise/add.ts'
import type { DType } from '../../ops/value.ts'
import type { Tensor } from '../../tensor/index.ts'

/** A scheme of `nn.init` with its plain gain, 'default' for what `nn.Linear` starts with, or the standard deviation of normal weights. */
export type Init = keyof typeof schemes | 'default' | number
export type Normalization = keyof typeof normalizations

const schemes = {
  xavierUniform: (w: Tensor) => init.xavierUniform_(w),
  xavierNormal: (w: Tensor) => init.xavierNormal_(w),
  kaimingUniform: (w: Tensor) => init.kaimingUniform_(w),
  kaimingNormal: (w: Tensor) => init.kaimingNormal_(w),
  orthogonal: (w: Tensor) => init.orthogonal_(w),
}

const normalizations = {
  none: (): Layer => new Identity(),
  layerNorm: (width: number): Layer => new LayerNorm(width),
  batchNorm: (width: number): Layer => new BatchNorm1d(width),
  rmsNorm: (width: number): Layer => new RMSNorm(width),
}

export function requireInit(name: string, given: unknown): asserts given is Init {
  if (typeof given === 'number' ? given > 0 && Number.isFinite(given) : given === 'default') return
  if (typeof given === 'string' && Object.hasOwn(schemes, given)) return
  throw new ArgumentError(
    `${name}: init is a standard deviation above 0, 'default' or one of ${Object.keys(schemes).join(', ')}; got ${shown(given)}`,
  )
}

export function requireNormalization(name: string, given: unknown): asserts given is Normalization {
  if (typeof given === 'string' && Object.hasOwn(normalizations, given)) return
  throw new ArgumentError(
    `${name}: normalization is one of ${Object.keys(normalizations).join(', ')}; got ${shown(given)}`,
  )
}

export interface NetworkSettings {
  readonly depth: number
  readonly width: number
  readonly inputs: number
  readonly outputs: number
  readonly init: Init
  readonly normalization: Normalization
  readonly residual: boolean
  readonly dtype: DType
}

/** What went through a block: z into the activation, h out of the block. */
export interface Passage {
  readonly z: Tensor
  readonly h: Tensor
}

/** h = f(norm(W x + b)), to which a residual block adds x. */
class Block extends Module {
  readonly linear: Linear
  readonly norm: Layer
  readonly #f: (x: Tensor) => Tensor
  readonly #residual: boolean

  constructor(inputs: number, { width, init, normalization, residual }: NetworkSettings, f: (x: Tensor) => Tensor) {
    super()
    this.linear = started(new Linear(inputs, width), init)
    this.norm = normalizations[normalization](width)
    this.#f = f
    // The first block has nothing to add where it changes the width.
    this.#residual = residual && inputs === width
  }

  forward(x: Tensor): Passage {
    const z = this.norm.forward(this.linear.forward(x))
    const a = this.#f(z)
    return { z, h: this.#residual ? add(x, a) : a }
  }
}

export class DeepNetwork extends Module {
  readonly blocks: Block[]
  readonly head: Linear

  constructor(settings: NetworkSettings, f: (x: Tensor) => Tensor) {
    super()
    const { depth, width, inputs, outputs, init, dtype } = settings
    this.blocks = Array.from({ length: depth }, (_, i) => new Block(i === 0 ? inputs : width, settings, f))
    this.head = started(new Linear(width, outputs), init)
    this.to(dtype)
  }

  /** The output and what every block has seen. */
  forward(x: Tensor): { output: Tensor; passages: Passage[] } {
    const passages: Passage[] = []
    for (const block of this.blocks) passages.push(block.forward(passages.at(-1)?.h ?? x))
    return { output: this.head.forward(passages.at(-1)!.h), passages }
  }
}

/** Schemes leave the bias at 0, as is usual with them. */
function started(layer: Linear, scheme: Init): Linear {
  if (scheme === 'default') return layer
  if (typeof scheme === 'number') init.normal_(layer.weight, 0, scheme)
  else schemes[scheme](layer.weight)
  init.zeros_(layer.bias!)
  return layer
}
