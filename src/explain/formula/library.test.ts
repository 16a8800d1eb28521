/** Every function of the library can be called from a formula, and every option that it is said to take, it takes. */
import { describe, expect, it } from 'vitest'
import * as functional from '../../functional/index.ts'
import type { ElementwiseOp } from '../../ops/kinds/elementwise.ts'
import { registry } from '../../ops/registry.ts'
import { tensor } from '../../tensor/index.ts'
import { Source } from './formula-error.ts'
import { runFormula } from './index.ts'
import { library } from './library.ts'
import { readStatements } from './statements.ts'
import { stepsOf } from './steps.ts'

// biome-ignore format: a table
const calls: [formula: string, value: unknown][] = [
  ["gelu([0, 1], approximate='tanh')", [0, 0.8412]], ["to([1.5, 2.5], 'int32')", [1, 2]],
  ['sum([[1, 2], [3, 4]], 0, keepdim=true)', [[4, 6]]], ['Σ([1, 2])', 3], ['mean([[1, 2], [3, 4]], dim=1, keepdim=true)', [[1.5], [3.5]]],
  ['prod([[1, 2], [3, 4]], 0, keepdim=true)', [[3, 8]]], ['amax([[1, 2], [3, 4]], 0, keepdim=true)', [[3, 4]]],
  ['amin([[1, 2], [3, 4]], 0, keepdim=true)', [[1, 2]]], ['peak([[1, 2], [3, 4]], 0, keepdim=true)', [[3, 4]]],
  ['max([[1, 2], [3, 0]], dim=1, keepdim=true).values', [[2], [3]]], ['min([[1, 2], [3, 0]], dim=1, keepdim=true).indices', [[0], [1]]],
  ['max([3, 1])', 3], ['min(2, [1, 3], [4, 0])', [1, 0]], ['x = 1; max(x, 0)', 1],
  ['median([[1, 5, 2]], dim=1, keepdim=true).values', [[2]]], ['median([3, 1, 2])', 2],
  ['argmax([[1, 5, 2]], 1, keepdim=true)', [[1]]], ['argmin([[1, 5, 2]], 1, keepdim=true)', [[0]]],
  ['all([[1, 0], [1, 1]], 1, keepdim=true)', [[false], [true]]], ['any([[1, 0], [0, 0]], 1, keepdim=true)', [[true], [false]]],
  ['variance([[1, 3]], 1, correction=0, keepdim=true)', [[1]]], ['var([1, 3])', 2], ['std([[1, 3]], 1, correction=0, keepdim=true)', [[1]]],
  ['norm([[3, -4]], 1, p=1, keepdim=true)', [[7]]], ['norm([3, 4])', 5], ['logsumexp([[0, 0]], 1, keepdim=true)', [[Math.LN2]]],
  ['softmax([[0, 0], [1, 1]], dim=0)', [[0.2689, 0.2689], [0.7311, 0.7311]]], ['logSoftmax([0, 0])', [-Math.LN2, -Math.LN2]],
  ['cumsum([1, 2, 3], 0)', [1, 3, 6]], ['cumprod([1, 2, 3], dim=0)', [1, 2, 6]],
  ['sort([1, 3, 2], descending=true).values', [3, 2, 1]], ['argsort([1, 3, 2], dim=0, descending=true)', [1, 2, 0]],
  ['topk([1, 3, 2], 2, largest=false, sorted=true).values', [1, 2]],
  ["mseLoss([1, 2], [3, 5], reduction='sum')", 13], ["l1Loss([1, 2], [3, 5], reduction='sum')", 5],
  ["smoothL1Loss([0, 0], [2, 4], beta=2, reduction='none')", [1, 3]], ["huberLoss([0, 0], [2, 4], delta=2, reduction='none')", [2, 6]],
  ["bceLoss([0.5, 0.5], [1, 0], weight=[1, 2], reduction='sum')", 2.0794],
  ["bceWithLogits([0, 0], [1, 0], weight=[1, 2], posWeight=[3, 1], reduction='sum')", 3.4657],
  ["crossEntropy([[0, 0], [0, 0]], [1, 0], weight=[1, 2], labelSmoothing=0, ignoreIndex=-1, reduction='sum')", 2.0794],
  ['crossEntropy([0, 0], [0.5, 0.5])', Math.LN2], ['x = 1; crossEntropy([0, 0], x)', Math.LN2],
  ["nllLoss([[-1, -2]], [1], weight=[1, 2], ignoreIndex=5, reduction='sum')", 4],
  ["klDiv([0, 0], [0, 0], logTarget=true, reduction='sum')", 0], ["hingeEmbeddingLoss([1, 2], [1, -1], margin=3, reduction='sum')", 2],
  ["cosineEmbeddingLoss([[1, 0]], [[1, 0]], [-1], margin=0.5, reduction='sum')", 0.5],
  ['matmul([[1, 2]], [3, 4])', [11]], ['dot([1, 2], [3, 4])', 11], ['outer([1, 2], [3, 4])', [[3, 4], [6, 8]]], ['bmm([[[2]]], [[[3]]])', [[[6]]]],
  ['linear([1, 2], [[3, 4]], bias=[1])', [12]], ["einsum('i,j->ij', [1, 2], [3])", [[3], [6]]], ["contraction([1, 2], [3, 4], 'i,i->')", 11],
  ['conv1d([[1, 2, 3, 4]], [[[1, 1]]], [1], stride=2, padding=1, dilation=1, groups=1)', [[2, 6, 5]]],
  ['conv2d([[[1, 2], [3, 4]]], [[[[1]]]], stride=[1, 2], padding=[0, 0], dilation=1, groups=1)', [[[1], [3]]]],
  ['convTranspose2d([[[1]]], [[[[1, 2]]]], [1], stride=2, padding=0, outputPadding=[0, 1], dilation=1, groups=1)', [[[2, 3, 1]]]],
  ['maxPool2d([[[1, 2], [3, 4]]], 2, stride=1, padding=0, dilation=1, ceilMode=false)', [[[4]]]],
  ['avgPool2d([[[1, 2], [3, 4]]], [2, 1], stride=1, padding=0, countIncludePad=true, ceilMode=false)', [[[2, 3]]]],
  ['adaptiveAvgPool2d([[[1, 2], [3, 4]]], [1, 2])', [[[2, 3]]]], ['windows([1, 2, 3], kernel=[2], stride=[1], dilation=[1])', [[1, 2], [2, 3]]],
  ['det([[1, 2], [3, 4]])', -2], ['slogdet([[0, 1], [2, 0]]).sign', -1], ['inverse([[2, 0], [0, 4]])', [[0.5, 0], [0, 0.25]]], ['cholesky([[4]])', [[2]]],
  ['trace([[1, 2], [3, 4]])', 5], ['cofactor([[1, 2], [3, 4]])', [[4, -3], [-2, 1]]], ['solve([[2, 0], [0, 4]], [2, 2])', [1, 0.5]],
  ['solveTriangular([[2, 0], [1, 4]], [[2], [5]], transpose=false)', [[1], [1]]], ['lowerTriangle([[1, 2], [3, 4]], diagonal=0.5)', [[0.5, 0], [3, 2]]],
  ['reshape([1, 2], 2, 1)', [[1], [2]]], ['reshape([1, 2], shape=[2, 1])', [[1], [2]]], ['view([1, 2], [2, 1])', [[1], [2]]], ['flatten([[[1, 2]]], startDim=1)', [[1, 2]]],
  ['squeeze([[1, 2]], 0)', [1, 2]], ['unsqueeze([1, 2], 1)', [[1], [2]]], ['transposed([[1, 2]])', [[1], [2]]], ['transpose([[1, 2]], 0, 1)', [[1], [2]]],
  ['permute([[1, 2]], [1, 0])', [[1], [2]]], ['movedim([[1, 2]], 0, 1)', [[1], [2]]], ['expand([1], 2)', [1, 1]], ['broadcastTo([1], [2, 1])', [[1], [1]]],
  ['repeat([1, 2], 2)', [1, 2, 1, 2]], ['tile([1], [2])', [1, 1]], ['repeatInterleave([1, 2], 2, dim=0)', [1, 1, 2, 2]], ['flip([1, 2], 0)', [2, 1]],
  ['roll([1, 2, 3], 1, dims=0)', [3, 1, 2]], ['pad([1], [1, 0], value=7)', [7, 1]], ['cat([[1], [2, 3]], dim=0)', [1, 2, 3]], ['stack([[1], [2]], dim=1)', [[1, 2]]],
  ['stack(split([1, 2], 1))', [[1], [2]]], ["meshgrid([1, 2], [3], indexing='xy')[0]", [[1, 2]]], ['split([1, 2, 3], [1, 2], dim=0)[-1]', [2, 3]],
  ['chunk([1, 2, 3], 2)[0]', [1, 2]], ['unbind([[1], [2]])[1]', [2]], ['diag([1, 2], 0)', [[1, 0], [0, 2]]],
  ['diagonal([[1, 2], [3, 4]], offset=1, dim1=0, dim2=1)', [2]], ['tril([[1, 2], [3, 4]])', [[1, 0], [3, 4]]], ['triu([[1, 2], [3, 4]], k=1)', [[0, 2], [0, 0]]],
  ['at([[1, 2], [3, 4]], 0, 1)', 2], ['slice([1, 2, 3, 4], 0, step=2)', [1, 3]], ['narrow([1, 2, 3], 0, 1, 2)', [2, 3]], ['select([1, 2, 3], 0, -1)', 3],
  ['gather([5, 6], 0, [1, 1])', [6, 6]], ['takeAlongDim([5, 6], [1])', [6]], ['indexSelect([5, 6], 0, [1])', [6]], ['indexAdd([0, 0], 0, [1], [5])', [0, 5]],
  ['indexCopy([0, 0], 0, [1], [5])', [0, 5]], ['scatterAdd([0, 0], 0, [1], [5])', [0, 5]], ['maskedFill([1, 2], [true, false], 7)', [7, 2]],
  ['x = 1; maskedFill([1, 2], [1, 2] > 1, x)', [1, 1]], ['maskedSelect([1, 2], [false, true])', [2]], ['nonzero([0, 5])', [[1]]],
  ['embedding([1, 0], [[1], [2]], paddingIdx=0)', [[2], [1]]], ['layerNorm([1, 3], 2, weight=[1, 1], bias=[0, 1], eps=0)', [-1, 2]],
  ['rmsNorm([3, 3], [2], [1, 2], eps=0)', [1, 2]], ['groupNorm([[1, 3]], 1, eps=0)', [[-1, 1]]],
  ['batchNorm([[1], [3]], training=true, momentum=0.1, eps=0)', [[-1], [1]]], ['batchNorm([[1], [3]], [1], [4], eps=0)', [[0], [1]]],
  ['scaledDotProductAttention([[1]], [[1], [1]], [[2], [4]], mask=[[true, false]], isCausal=false, scale=1)', [[2]]],
  ['zeros(1, 2)', [[0, 0]]], ['ones([2])', [1, 1]], ['full([2], 7)', [7, 7]], ['eye(1, 2)', [[1, 0]]], ['linspace(0, 1, 3)', [0, 0.5, 1]],
  ['arange(1, 3)', [1, 2]], ['zerosLike([1])', [0]], ['onesLike([2])', [1]], ['oneHot([1], classes=2)', [[0, 1]]], ['ln(e)', 1], ['σ(0)', 0.5],
  ['where([true, false], 1, 2)', [1, 2]], ['[1, -2].abs().sum(dim=0)', 3], ['clamp([-2, 3], max=1)', [-2, 1]],
]

const rounded = (x: unknown): unknown =>
  Array.isArray(x) ? x.map(rounded) : typeof x === 'number' ? Math.round(x * 1e4) / 1e4 + 0 : x

describe('functions', () => {
  it.each(calls)('%s', (formula, expected) => {
    expect(rounded(runFormula(formula, '').output.toArray())).toEqual(rounded(expected))
  })

  it('are all called above, with all of their options', () => {
    const called = new Map<string, Set<string>>()
    for (const [formula] of calls) {
      const source = new Source(formula, 'formula')
      for (const { expression } of readStatements(source)) {
        for (const step of stepsOf(expression, source, () => false)) {
          if (step.is !== 'call') continue
          const { name } = step.fn.signature
          called.set(name, new Set([...(called.get(name) ?? []), ...step.named]))
        }
      }
    }
    const missing = [...library.values()].flatMap(({ signature: { name, options } }) => {
      if (registry.get(name)?.kind === 'elementwise' && options.length === 0) return []
      return called.has(name) ? options.filter((o) => !called.get(name)!.has(o)).map((o) => `${name} ${o}`) : [name]
    })
    expect(missing).toEqual([])
  })
})

describe('elementwise operations', () => {
  const ops = [...registry.values()].filter((op) => op.kind === 'elementwise') as unknown as ElementwiseOp[]
  const names = ['p', 'q', 'r']

  it.each(ops.map((op) => [op.name, op] as const))('%s', (name, op) => {
    for (const { at } of op.points ?? [{ at: op.args.map(() => 0.5) }]) {
      const values = Object.fromEntries(at.map((v, i) => [names[i], tensor(v, { dtype: 'float64' })]))
      const [first, ...rest] = names.slice(0, at.length)
      const expected = (op as (...of: unknown[]) => { item(): number })(...Object.values(values)).item()
      expect(runFormula(`${name}(${[first, ...rest].join(', ')})`, values).output.item()).toBe(expected)
      expect(runFormula(`${first}.${name}(${rest.join(', ')})`, values).output.item()).toBe(expected)
      if (at.every(Number.isFinite)) expect(runFormula(`${name}(${at.join(', ')})`, '').output.item()).toBe(expected)
    }
  })
})

it('knows every operation and every function of tensors, but for those that are left out on purpose', () => {
  const left = ['allclose', 'dropout', 'equal', 'set']
  expect([...registry.keys()].filter((name) => !library.has(name))).toEqual([])
  expect(
    Object.keys(functional)
      .filter((name) => !library.has(name))
      .sort(),
  ).toEqual(left)
})
