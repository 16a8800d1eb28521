/**
 * The functions of the language. Elementwise ops bring their parameters with them; for all others one line says what
 * they take. Left out are `set` and functions in place, which change their operand; `equal` and `allclose`, which
 * return no tensor; random numbers and dropout, because the same formula must give the same value.
 */
import { ArgumentError } from '../../errors/index.ts'
import * as functional from '../../functional/index.ts'
import { isOptions } from '../../ops/arguments.ts'
import { isFloating } from '../../ops/dtype.ts'
import { castTo, maximum, minimum } from '../../ops/elementwise/index.ts'
import { registry } from '../../ops/registry.ts'
import { sameShape } from '../../ops/shape.ts'
import * as make from '../../tensor/create.ts'
import type { Tensor } from '../../tensor/index.ts'
import { type Signature, signature } from './signature.ts'
import { toWhole } from './value.ts'

export interface FormulaFunction {
  readonly signature: Signature
  readonly run: (...args: never[]) => unknown
}

// biome-ignore format: a table
const taken: Readonly<Record<string, string>> = {
  gelu: 'x: operand, { approximate }', to: 'x, dtype: plain',

  sum: 'x, dim?: plain, { keepdim }', mean: 'x, dim?: plain, { keepdim }', prod: 'x, dim?: plain, { keepdim }',
  amax: 'x, dim?: plain, { keepdim }', amin: 'x, dim?: plain, { keepdim }', peak: 'x, dim?: plain, { keepdim }',
  max: 'x: operand, ...others: operand, { dim, keepdim }', min: 'x: operand, ...others: operand, { dim, keepdim }',
  median: 'x, dim?: plain, { keepdim }',
  argmax: 'x, dim?: plain, { keepdim }', argmin: 'x, dim?: plain, { keepdim }',
  all: 'x, dim?: plain, { keepdim }', any: 'x, dim?: plain, { keepdim }',
  variance: 'x, dim?: plain, { correction, keepdim }', std: 'x, dim?: plain, { correction, keepdim }',
  norm: 'x, dim?: plain, { p, keepdim }', logsumexp: 'x, dim?: plain, { keepdim }',
  softmax: 'x, dim?: plain', logSoftmax: 'x, dim?: plain', cumsum: 'x, dim: plain', cumprod: 'x, dim: plain',
  sort: 'x, dim?: plain, { descending }', argsort: 'x, dim?: plain, { descending }',
  topk: 'x, k: plain, dim?: plain, { largest, sorted }',

  mseLoss: 'input, target, { reduction }', l1Loss: 'input, target, { reduction }',
  smoothL1Loss: 'input, target, { beta, reduction }', huberLoss: 'input, target, { delta, reduction }',
  bceLoss: 'input, target, { weight, reduction }',
  bceWithLogits: 'input, target, { weight, posWeight, reduction }',
  crossEntropy: 'input, target, { weight, ignoreIndex, labelSmoothing, reduction }',
  nllLoss: 'input, target: whole, { weight, ignoreIndex, reduction }',
  klDiv: 'input, target, { logTarget, reduction }', hingeEmbeddingLoss: 'input, target, { margin, reduction }',
  cosineEmbeddingLoss: 'input1, input2, target, { margin, reduction }',

  matmul: 'a, b', dot: 'a, b', outer: 'a, b', bmm: 'a, b', linear: 'x, weight, bias?',
  einsum: 'spec: plain, ...operands', contraction: 'a, b, indices: plain',
  conv1d: 'x, weight, bias?, { stride, padding, dilation, groups }',
  conv2d: 'x, weight, bias?, { stride, padding, dilation, groups }',
  convTranspose2d: 'x, weight, bias?, { stride, padding, outputPadding, dilation, groups }',
  maxPool2d: 'x, kernel: plain, { stride, padding, dilation, ceilMode }',
  avgPool2d: 'x, kernel: plain, { stride, padding, countIncludePad, ceilMode }',
  adaptiveAvgPool2d: 'x, outputSize: plain', windows: 'x, { kernel, stride, dilation }',

  det: 'x', slogdet: 'x', inverse: 'x', cholesky: 'x', trace: 'x', cofactor: 'x', solve: 'a, b',
  solveTriangular: 'l, b, transpose?: plain', lowerTriangle: 'x, diagonal?: plain',

  reshape: 'x, ...shape: plain', view: 'x, ...shape: plain', flatten: 'x, startDim?: plain, endDim?: plain',
  squeeze: 'x, dim?: plain', unsqueeze: 'x, dim: plain', transposed: 'x', transpose: 'x, dim0: plain, dim1: plain',
  permute: 'x, ...dims: plain', movedim: 'x, source: plain, destination: plain',
  expand: 'x, ...shape: plain', broadcastTo: 'x, ...shape: plain', repeat: 'x, ...counts: plain',
  tile: 'x, ...counts: plain', repeatInterleave: 'x, counts: plain, dim?: plain',
  flip: 'x, ...dims: plain', roll: 'x, shifts: plain, dims?: plain', pad: 'x, widths: plain, value?: plain',
  cat: 'tensors: tensors, dim?: plain', stack: 'tensors: tensors, dim?: plain', meshgrid: '...vectors, { indexing }',
  split: 'x, sizes: plain, dim?: plain', chunk: 'x, n: plain, dim?: plain', unbind: 'x, dim?: plain',
  diag: 'x, k?: plain', diagonal: 'x, { offset, dim1, dim2 }', tril: 'x, k?: plain', triu: 'x, k?: plain',

  at: 'x, ...indices: plain', slice: 'x, dim: plain, start?: plain, end?: plain, step?: plain',
  narrow: 'x, dim: plain, start: plain, length: plain', select: 'x, dim: plain, index: plain',
  gather: 'x, dim: plain, index: whole', takeAlongDim: 'x, index: whole, dim?: plain',
  indexSelect: 'x, dim: plain, index: whole', indexAdd: 'x, dim: plain, index: whole, src',
  indexCopy: 'x, dim: plain, index: whole, src', scatterAdd: 'x, dim: plain, index: whole, src',
  maskedFill: 'x, mask: plain, value: plain', maskedSelect: 'x, mask: plain', nonzero: 'x',
  embedding: 'tokens: whole, weight, { paddingIdx }',

  layerNorm: 'x, normalizedShape: plain, weight?, bias?, { eps }',
  rmsNorm: 'x, normalizedShape: plain, weight?, { eps }', groupNorm: 'x, groups: plain, weight?, bias?, { eps }',
  batchNorm: 'x, runningMean?, runningVar?, weight?, bias?, { eps, training, momentum }',
  scaledDotProductAttention: 'q, k, v, { mask, isCausal, scale }',

  zeros: '...shape: plain', ones: '...shape: plain', full: 'shape: plain, value: plain', eye: 'n: plain, m?: plain',
  linspace: 'start: plain, end: plain, steps: plain', arange: 'start: plain, end?: plain, step?: plain',
  zerosLike: 'x', onesLike: 'x', oneHot: 'labels: whole, classes?: plain',
}

const float64 = { dtype: 'float64' } as const

/** Where the language wants something else than the library's function of that name. */
const own: Readonly<Record<string, FormulaFunction['run']>> = {
  to: castTo,
  max: largest('max', functional.max, maximum),
  min: largest('min', functional.min, minimum),
  crossEntropy,
  zeros: (...shape: number[]) => make.zeros(shape.flat(), float64),
  ones: (...shape: number[]) => make.ones(shape.flat(), float64),
  full: (shape: number[], value: number) => make.full(shape, value, float64),
  eye: (n: number, m = n) => make.eye(n, m, float64),
  linspace: (start: number, end: number, steps: number) => make.linspace(start, end, steps, float64),
  arange: (...ends: [number]) => make.arange(...ends, float64),
  zerosLike: make.zerosLike,
  onesLike: make.onesLike,
  oneHot: make.oneHot,
}

/** In mathematics max(a, b) is the larger of both and max(x) the largest element; along a dimension it takes `dim=`. */
function largest(name: string, whole: (x: Tensor, dim?: number, options?: object) => unknown, ofTwo: typeof maximum) {
  return (...given: unknown[]): unknown => {
    const { dim, ...options } = (isOptions(given.at(-1)) ? given.pop() : {}) as { dim?: number }
    const [first, ...others] = given as Tensor[]
    if (others.length === 0) return whole(first, dim, options)
    if (dim === undefined && Object.keys(options).length === 0) return others.reduce((a, b) => ofTwo(a, b), first)
    throw new ArgumentError(`${name}: dim and keepdim belong to one tensor, as in ${name}(x, dim=0)`)
  }
}

/** Classes come as numbers like any other: only probabilities have the shape of the logits. */
function crossEntropy(input: Tensor, target: Tensor, options?: object): Tensor {
  const probable = isFloating(target.dtype) && sameShape(target.shape, input.shape)
  return functional.crossEntropy(input, probable ? target : toWhole(target), options)
}

const aliases: Readonly<Record<string, string>> = { σ: 'sigmoid', Σ: 'sum', ln: 'log', var: 'variance' }

/** Every function by its name. */
export const library: ReadonlyMap<string, FormulaFunction> = collect()

function collect(): Map<string, FormulaFunction> {
  const all = new Map<string, FormulaFunction>()
  for (const [name, op] of registry) {
    if (op.kind !== 'elementwise') continue
    const parameters = op.args.map((a) => `${a}${a in op.defaults ? '?' : ''}: operand`).join(', ')
    all.set(name, { signature: signature(name, parameters), run: runOf(name) })
  }
  for (const [name, text] of Object.entries(taken))
    all.set(name, { signature: signature(name, text), run: runOf(name) })
  for (const [alias, name] of Object.entries(aliases)) all.set(alias, all.get(name)!)
  return all
}

function runOf(name: string): FormulaFunction['run'] {
  const found = own[name] ?? (functional as Record<string, unknown>)[name] ?? registry.get(name)
  return found as FormulaFunction['run']
}
