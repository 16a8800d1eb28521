/**
 * Recurrent layers. Each of them is a cell (one step: input and state to state) run along the sequence, in both
 * directions if asked, layer upon layer. What the inputs contribute does not depend on the state, so that it is
 * computed for all steps in one product.
 */
import { ArgumentError, checkOptions, ShapeError } from '../errors/index.ts'
import { dropout } from '../functional/dropout.ts'
import { linear } from '../functional/products/index.ts'
import { cat, select, squeeze, stack, transpose, unsqueeze } from '../functional/shape/index.ts'
import { add, lerp, mul, relu, sigmoid, tanh } from '../ops/elementwise/index.ts'
import { sameShape, shapeText } from '../ops/shape.ts'
import type { DType } from '../ops/value.ts'
import { reshape } from '../ops/view/reshape.ts'
import { type Tensor, zeros } from '../tensor/index.ts'
import { uniform_ } from './init.ts'
import { Module } from './module.ts'
import { Parameter } from './parameter.ts'
import { requireFlags, requireProbability, requireSizes, settingsText, shown } from './settings.ts'
import { fromSteps, toSteps } from './steps.ts'

export interface RecurrentOptions {
  /** Layers upon each other; 1 unless given. */
  readonly numLayers?: number
  readonly bias?: boolean
  /** Whether sequences are [n, length, features]; [length, n, features] unless given. States are always [layers, n, hidden]. */
  readonly batchFirst?: boolean
  /** The probability with which outputs between layers are dropped in training; 0 unless given. */
  readonly dropout?: number
  readonly bidirectional?: boolean
  readonly dtype?: DType
}

const known = ['numLayers', 'bias', 'batchFirst', 'dropout', 'bidirectional', 'dtype']

/** The weights of one layer in one direction: W_ih, W_hh, b_ih, b_hh. */
type Weights = readonly [Tensor, Tensor, Tensor | undefined, Tensor | undefined]

abstract class Recurrent extends Module {
  readonly inputSize: number
  readonly hiddenSize: number
  readonly numLayers: number
  readonly batchFirst: boolean
  readonly dropout: number
  readonly bidirectional: boolean

  constructor(inputSize: number, hiddenSize: number, gates: number, options: RecurrentOptions) {
    super()
    const name = this.constructor.name
    const { numLayers = 1, bias = true, batchFirst = false, dropout: p = 0, bidirectional = false, dtype } = options
    requireSizes(name, { inputSize, hiddenSize, numLayers })
    requireFlags(name, { bias, batchFirst, bidirectional })
    requireProbability(name, 'dropout', p)
    this.inputSize = inputSize
    this.hiddenSize = hiddenSize
    this.numLayers = numLayers
    this.batchFirst = batchFirst
    this.dropout = p
    this.bidirectional = bidirectional
    const bound = 1 / Math.sqrt(hiddenSize)
    for (const [k, suffix] of this.#passes()) {
      const features = k === 0 ? inputSize : hiddenSize * (bidirectional ? 2 : 1)
      const shapes = {
        weightIh: [gates, features],
        weightHh: [gates, hiddenSize],
        ...(bias ? { biasIh: [gates], biasHh: [gates] } : {}),
      }
      for (const [key, [rows, ...columns]] of Object.entries(shapes)) {
        const start = uniform_(zeros([rows * hiddenSize, ...columns], { dtype }), -bound, bound)
        ;(this as unknown as Record<string, Parameter>)[key + suffix] = new Parameter(start)
      }
    }
  }

  /** Whether the cell only ever adds the two contributions, so that both biases may come with the input's. */
  protected abstract readonly sumsGates: boolean

  /** One step: what the input contributes, the state, what the state contributes to the gates. The state's first part is the output. */
  protected abstract cell(input: Tensor, state: readonly Tensor[], gates: Tensor): Tensor[]

  /** Layers and directions in order, with the end of their parameters' names. */
  #passes(): [layer: number, suffix: string][] {
    return Array.from({ length: this.numLayers }, (_, k) => k).flatMap((k) =>
      (this.bidirectional ? ['', 'Reverse'] : ['']).map((way) => [k, `L${k}${way}`] as [number, string]),
    )
  }

  #weights(suffix: string): Weights {
    const own = this as unknown as Record<string, Tensor>
    return ['weightIh', 'weightHh', 'biasIh', 'biasHh'].map((key) => own[key + suffix]) as unknown as Weights
  }

  /** The outputs of the last layer and the last state of every layer and direction, each part stacked. */
  protected run(x: Tensor, parts: number, start: readonly Tensor[] | undefined): [output: Tensor, state: Tensor[]] {
    const single = x.ndim === 2
    let sequence = this.#sequence(x)
    const initial = this.#start(sequence, single, parts, start)
    const last: Tensor[][] = []
    const passes = this.#passes()
    const ways = this.bidirectional ? 2 : 1
    for (let i = 0; i < passes.length; i += ways) {
      if (i > 0 && this.dropout > 0) sequence = dropout(sequence, this.dropout, { training: this.training })
      const outputs = passes.slice(i, i + ways).map(([, suffix], way) => {
        const { steps, state } = this.#scan(
          sequence,
          initial.map((s) => select(s, 0, i + way)),
          this.#weights(suffix),
          way === 1,
        )
        last.push(state)
        return fromSteps(steps, 0)
      })
      sequence = ways === 1 ? outputs[0] : cat(outputs, -1)
    }
    const output = single ? squeeze(sequence, 1) : this.batchFirst ? transpose(sequence, 0, 1) : sequence
    const state = initial.map((_, part) => stack(last.map((s) => s[part])))
    return [output, single ? state.map((s) => squeeze(s, 1)) : state]
  }

  #scan(x: Tensor, start: readonly Tensor[], [wih, whh, bih, bhh]: Weights, backwards: boolean) {
    const early = this.sumsGates && bih && bhh
    const inputs = toSteps(linear(x, wih, early ? add(bih, bhh) : bih), 0)
    const steps = new Array<Tensor>(inputs.length)
    let state = [...start]
    for (let k = 0; k < inputs.length; k++) {
      const t = backwards ? inputs.length - 1 - k : k
      state = this.cell(inputs[t], state, linear(state[0], whh, early ? null : bhh))
      steps[t] = state[0]
    }
    return { steps, state }
  }

  /** The input as [length, n, features]. */
  #sequence(x: Tensor): Tensor {
    const name = this.constructor.name
    if ((x.ndim !== 2 && x.ndim !== 3) || x.shape.at(-1) !== this.inputSize) {
      const form = this.batchFirst ? 'n, length' : 'length, n'
      throw new ShapeError(
        `${name}: takes [${form}, ${this.inputSize}] (or [length, ${this.inputSize}]), got ${shapeText(x.shape)}`,
      )
    }
    const sequence = x.ndim === 2 ? unsqueeze(x, 1) : this.batchFirst ? transpose(x, 0, 1) : x
    if (sequence.shape[0] === 0) throw new ShapeError(`${name}: the sequence ${shapeText(x.shape)} has no steps`)
    return sequence
  }

  #start(sequence: Tensor, single: boolean, parts: number, start: readonly Tensor[] | undefined): Tensor[] {
    const shape = [this.#passes().length, sequence.shape[1], this.hiddenSize]
    if (!start) return Array.from({ length: parts }, () => zeros(shape, { dtype: sequence.dtype }))
    return start.map((s) => {
      const full = single ? unsqueeze(s, 1) : s
      if (!sameShape(full.shape, shape)) {
        throw new ShapeError(
          `${this.constructor.name}: the state must be ${shapeText(single ? [shape[0], shape[2]] : shape)}, got ${shapeText(s.shape)}`,
        )
      }
      return full
    })
  }

  override extraRepr(): string {
    const { inputSize, hiddenSize, numLayers, batchFirst, dropout: p, bidirectional } = this
    return `${inputSize}, ${hiddenSize}, ${settingsText({ numLayers, batchFirst, dropout: p, bidirectional })}`
  }
}

/** [n, count · hidden] as `count` tensors [n, hidden]. */
function gatesOf(x: Tensor, count: number): Tensor[] {
  const [n, features] = x.shape
  return toSteps(reshape(x, [n, count, features / count]), 1)
}

export interface RNNOptions extends RecurrentOptions {
  /** 'tanh' unless given. */
  readonly nonlinearity?: 'tanh' | 'relu'
}

/**
 * h' = tanh(W_ih x + b_ih + W_hh h + b_hh), or relu (Elman 1990).
 * `forward(x, h0?)` returns [outputs, last state of every layer].
 * @example new nn.RNN(3, 2).forward(ones([5, 1, 3]))[0].shape // [5, 1, 2]
 */
export class RNN extends Recurrent {
  readonly nonlinearity: 'tanh' | 'relu'

  constructor(inputSize: number, hiddenSize: number, options: RNNOptions = {}) {
    checkOptions('RNN', options, [...known, 'nonlinearity'])
    super(inputSize, hiddenSize, 1, options)
    this.nonlinearity = options.nonlinearity ?? 'tanh'
    if (this.nonlinearity !== 'tanh' && this.nonlinearity !== 'relu') {
      throw new ArgumentError(`RNN: nonlinearity is 'tanh' or 'relu', got ${shown(this.nonlinearity)}`)
    }
  }

  forward(x: Tensor, h0?: Tensor): [output: Tensor, hn: Tensor] {
    const [output, [hn]] = this.run(x, 1, h0 && [h0])
    return [output, hn]
  }

  protected get sumsGates(): boolean {
    return true
  }

  protected cell(input: Tensor, _: readonly Tensor[], gates: Tensor): Tensor[] {
    const sum = add(input, gates)
    return [this.nonlinearity === 'tanh' ? tanh(sum) : relu(sum)]
  }
}

/**
 * Gates r (reset) and z (update), candidate n = tanh(W_in x + b_in + r (W_hn h + b_hn)): h' = n + z (h - n) (Cho et al.
 * 2014, in cuDNN's form). `forward(x, h0?)` returns [outputs, last state of every layer].
 * @example new nn.GRU(3, 2).forward(ones([5, 1, 3]))[1].shape // [1, 1, 2]
 */
export class GRU extends Recurrent {
  constructor(inputSize: number, hiddenSize: number, options: RecurrentOptions = {}) {
    checkOptions('GRU', options, known)
    super(inputSize, hiddenSize, 3, options)
  }

  forward(x: Tensor, h0?: Tensor): [output: Tensor, hn: Tensor] {
    const [output, [hn]] = this.run(x, 1, h0 && [h0])
    return [output, hn]
  }

  protected get sumsGates(): boolean {
    return false
  }

  protected cell(input: Tensor, [h]: readonly Tensor[], gates: Tensor): Tensor[] {
    const [xr, xz, xn] = gatesOf(input, 3)
    const [hr, hz, hn] = gatesOf(gates, 3)
    const n = tanh(add(xn, mul(sigmoid(add(xr, hr)), hn)))
    return [lerp(n, h, sigmoid(add(xz, hz)))]
  }
}

/**
 * Gates i (input), f (forget), o (output) and candidate g: c' = f c + i g, h' = o tanh(c') (Hochreiter and Schmidhuber
 * 1997, Gers et al. 2000). `forward(x, [h0, c0]?)` returns [outputs, [hn, cn]].
 * @example new nn.LSTM(3, 2).forward(ones([5, 1, 3]))[1][1].shape // [1, 1, 2]
 */
export class LSTM extends Recurrent {
  constructor(inputSize: number, hiddenSize: number, options: RecurrentOptions = {}) {
    checkOptions('LSTM', options, known)
    super(inputSize, hiddenSize, 4, options)
  }

  forward(x: Tensor, start?: readonly [h0: Tensor, c0: Tensor]): [output: Tensor, state: [hn: Tensor, cn: Tensor]] {
    if (start && start.length !== 2) throw new ArgumentError('LSTM: the state is a pair [h0, c0]')
    const [output, [hn, cn]] = this.run(x, 2, start)
    return [output, [hn, cn]]
  }

  protected get sumsGates(): boolean {
    return true
  }

  protected cell(input: Tensor, [, c]: readonly Tensor[], gates: Tensor): Tensor[] {
    const [i, f, g, o] = gatesOf(add(input, gates), 4)
    const next = add(mul(sigmoid(f), c), mul(sigmoid(i), tanh(g)))
    return [mul(sigmoid(o), tanh(next)), next]
  }
}
