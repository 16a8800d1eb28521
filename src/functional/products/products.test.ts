import { describe, expect, it } from 'vitest'
import { gradients } from '../../autodiff/index.ts'
import { mul, square } from '../../ops/elementwise/index.ts'
import { sum } from '../../ops/reduce/sum.ts'
import { arange, ones, randn, type Tensor, tensor, watchTape, zeros } from '../../tensor/index.ts'
import { reshape } from '../shape/index.ts'
import * as p from './index.ts'

const count = (n: number, shape: number[]) => reshape(arange(0, n, 1, { dtype: 'float64' }), shape)

function tapeOf(fn: () => unknown): string[] {
  const names: string[] = []
  watchTape((node) => names.push(node.name), fn)
  return names
}

describe('matmul', () => {
  it('expands nothing: a broadcast batch is one contraction', () => {
    const a = randn([2, 3, 4], { requiresGrad: true })
    expect(tapeOf(() => p.matmul(a, randn([4, 5])))).toEqual(['matmul'])
    expect(tapeOf(() => p.matmul(randn([5, 3]), a))).toEqual(['matmul'])
    expect(tapeOf(() => p.matmul(reshape(a, [2, 1, 3, 4]), randn([1, 6, 4, 5])))).toEqual([
      'reshape',
      'reshape',
      'matmul',
    ])
  })

  it.each([
    [
      [5, 1, 2, 3],
      [1, 4, 3, 2],
      [5, 4, 2, 2],
    ],
    [
      [1, 1, 2, 3],
      [3, 2],
      [1, 1, 2, 2],
    ],
    [
      [2, 3],
      [1, 1, 3, 2],
      [1, 1, 2, 2],
    ],
    [
      [0, 2, 3],
      [1, 3, 2],
      [0, 2, 2],
    ],
    [[3], [4, 1, 3, 2], [4, 1, 2]],
    [[4, 1, 2, 3], [3], [4, 1, 2]],
  ])('%j @ %j', (a, b, out) => {
    expect(p.matmul(ones(a), ones(b)).shape).toEqual(out)
  })

  it('hints at a transposed operand where that would fit', () => {
    expect(() => p.matmul(ones([2, 3]), ones([4, 5]))).toThrow(/inner sizes differ: \[2, 3\] @ \[4, 5\]$/)
    expect(() => p.matmul(ones([2, 3]), ones([4, 3]))).toThrow('did you mean b.T?')
    expect(() => p.matmul(ones([3, 2]), ones([3, 4]))).toThrow('did you mean a.T?')
    expect(() => p.matmul(ones([2, 2, 3]), ones([2, 4, 3]))).toThrow('did you mean b.transpose(-2, -1)?')
    expect(() => p.matmul(ones([2, 2, 3]), ones([3, 3, 2]))).toThrow(/batch dimensions: shapes \[2\] and \[3\]/)
    expect(() => p.linear(ones([5, 3]), ones([3, 4]))).toThrow(/did you mean weight.T/)
  })

  it('adds up flags as integers', () => {
    expect(p.matmul(ones([1, 300], { dtype: 'bool' }), ones([300, 1], { dtype: 'bool' })).toArray()).toEqual([[300]])
  })
})

describe('einsum', () => {
  it('takes diagonals, broadcasts ones, drops dots, orders what is implicit', () => {
    expect(p.einsum('iii->i', count(8, [2, 2, 2])).toArray()).toEqual([0, 7])
    expect(p.einsum('iijj->ij', ones([2, 2, 3, 3])).shape).toEqual([2, 3])
    expect(p.einsum('ij,ij->ij', ones([1, 3]), ones([2, 3])).shape).toEqual([2, 3])
    expect(p.einsum('...i->i', ones([2, 3])).toArray()).toEqual([2, 2, 2])
    expect(p.einsum('...i,...i->...', ones([4, 1, 3]), ones([5, 3])).shape).toEqual([4, 5])
    expect(p.einsum('ba,ac', ones([2, 3]), ones([3, 4])).shape).toEqual([2, 4])
    expect(p.einsum(' i j , j k -> k ', ones([2, 3]), ones([3, 2])).toArray()).toEqual([6, 6])
  })

  it('contracts a chain in the cheapest order', () => {
    const vector = ones([4])
    const sizes: number[] = []
    watchTape(
      (node) => sizes.push(node.outputs![0].size),
      () => {
        const a = randn([4, 50], { requiresGrad: true })
        return p.einsum('i,ij,jk,k->', vector, a, randn([50, 60]), ones([60]))
      },
    )
    expect(Math.max(...sizes)).toBeLessThanOrEqual(50)
  })

  it.each([
    ['ij,jk->il', /'l' of the result stands in no operand/],
    ['ij,jk->ii', /'i' stands twice in the result/],
    ['ij,kj->ik', /index 'j' of 'ij,kj->ik' is 3 and 2/],
    ['ij,jkl', /'jkl' in 'ij,jkl' names 3 dimensions, the operand is \[3, 2\]/],
    ['ij', /names 1 operands, got 2/],
    ['i-,jk', /unexpected '-'/],
    ['ij,jk->i->k', /more than one '->'/],
  ])('refuses %s', (spec, message) => {
    expect(() => p.einsum(spec, ones([2, 3]), ones([3, 2]))).toThrow(message)
  })
})

describe('convolutions', () => {
  it('records nothing but a view and a contraction', () => {
    const [x, w] = [randn([2, 3, 6, 6], { requiresGrad: true }), randn([4, 3, 3, 3])]
    expect(tapeOf(() => p.conv2d(x, w))).toEqual(['windows', 'conv2d'])
  })

  it('are fast enough', () => {
    const x = randn([64, 1, 28, 28], { requiresGrad: true })
    const w = randn([8, 1, 5, 5], { requiresGrad: true })
    const start = performance.now()
    gradients(sum(square(p.conv2d(x, w))), [x, w])
    expect(performance.now() - start).toBeLessThan(1000)
  })

  it('the transposed one is the transpose: <conv(x), y> = <x, convT(y)>', () => {
    const options = { stride: [2, 1], padding: [1, 2], dilation: [1, 2], groups: 2 }
    const x = randn([2, 4, 7, 8], { dtype: 'float64' })
    const w = randn([6, 2, 3, 2], { dtype: 'float64' })
    const y = p.conv2d(x, w, null, options)
    const g = randn(y.shape, { dtype: 'float64' })
    expect(sum(mul(y, g)).item()).toBeCloseTo(sum(mul(x, p.convTranspose2d(g, w, null, options))).item(), 10)
  })

  it('pad as asked, without a batch, on integers', () => {
    expect(p.conv1d(tensor([[1, 2, 3, 4]]), ones([1, 1, 2]), null, { padding: 'same' }).toArray()).toEqual([
      [3, 5, 7, 4],
    ])
    expect(p.conv2d(ones([0, 1, 3, 4]), ones([1, 1, 2, 3])).shape).toEqual([0, 1, 2, 2])
    expect(p.conv1d(reshape(arange(0, 4), [1, 4]), reshape(arange(0, 2), [1, 1, 2])).toArray()).toEqual([[1, 2, 3]])
    expect(
      p.convTranspose2d(ones([1, 2, 2]), ones([1, 1, 2, 2]), null, { dilation: 3, outputPadding: 2 }).shape,
    ).toEqual([1, 7, 7])
  })

  const x = ones([1, 4, 4, 4])
  const wrong: [string, () => Tensor, RegExp][] = [
    ['channels', () => p.conv2d(x, ones([2, 2, 3, 3])), /has 4 channels, the weight \[2, 2, 3, 3\] takes 2/],
    ['groups', () => p.conv2d(x, ones([3, 2, 3, 3]), null, { groups: 2 }), /2 groups do not divide the 3 channels/],
    ['large kernels', () => p.conv2d(x, ones([1, 4, 5, 5])), /spans \[5, 5\] does not fit into an input \[4, 4\]/],
    ['biases', () => p.conv2d(x, ones([2, 4, 3, 3]), ones([3])), /the bias must be \[2\]/],
    [
      'options as bias',
      () => p.conv2d(x, ones([2, 4, 3, 3]), { stride: 2 } as unknown as Tensor),
      /options come fourth/,
    ],
    [
      'unknown options',
      () => p.conv2d(x, ones([2, 4, 3, 3]), null, { strides: 2 } as object),
      /unknown option 'strides'/,
    ],
    ['strides of 0', () => p.conv2d(x, ones([2, 4, 3, 3]), null, { stride: 0 }), /stride must be/],
    [
      'strided same',
      () => p.conv2d(x, ones([2, 4, 3, 3]), null, { stride: 2, padding: 'same' }),
      /needs a stride of 1/,
    ],
    [
      'large outputPadding',
      () => p.convTranspose2d(x, ones([4, 1, 2, 2]), null, { outputPadding: 1 }),
      /smaller than stride/,
    ],
    ['large padding', () => p.convTranspose2d(x, ones([4, 1, 1, 1]), null, { padding: 3 }), /use less padding/],
  ]
  it.each(wrong)('refuse wrong %s', (_, run, message) => expect(run).toThrow(message))
})

describe('pooling', () => {
  it('takes NaN before all, and never the border', () => {
    expect(
      p
        .maxPool2d(
          tensor([
            [
              [1, NaN],
              [3, 4],
            ],
          ]),
          2,
        )
        .toArray(),
    ).toEqual([[[NaN]]])
    const low = tensor(
      [
        [
          [-Infinity, -Infinity],
          [-Infinity, -Infinity],
        ],
      ],
      { requiresGrad: true },
    )
    const y = p.maxPool2d(low, 2, { padding: 1, stride: 1 })
    expect([...y.data].every((v) => v === -Infinity)).toBe(true)
    expect(gradients(sum(y), low)[0].toArray()).toEqual([
      [
        [4, 2],
        [2, 1],
      ],
    ])
    const integers = tensor(
      [
        [
          [-5, -2],
          [-3, -4],
        ],
      ],
      { dtype: 'int32' },
    )
    expect(p.maxPool2d(integers, 2, { padding: 1 }).toArray()).toEqual([
      [
        [-5, -2],
        [-3, -4],
      ],
    ])
    expect(p.maxPool2d(zeros([0, 1, 4, 4]), 2).shape).toEqual([0, 1, 2, 2])
  })

  it('keeps NaN and infinity where they are', () => {
    expect(p.avgPool2d(tensor([[[Infinity, 1, 2, 3]]]), [1, 2]).toArray()).toEqual([[[Infinity, 2.5]]])
    expect(p.adaptiveAvgPool2d(tensor([[[NaN, 1, 2, 3, 5]]]), [1, 3]).toArray()).toEqual([[[NaN, 2, 4]]])
  })

  it('adapts to sizes that do not divide, larger ones and null', () => {
    const x = count(35, [1, 5, 7])
    // torch.nn.functional.adaptive_avg_pool2d
    expect(p.adaptiveAvgPool2d(x, [3, 4]).toArray()).toEqual([
      [
        [4, 5.5, 7.5, 9],
        [14.5, 16, 18, 19.5],
        [25, 26.5, 28.5, 30],
      ],
    ])
    expect(p.adaptiveAvgPool2d(count(4, [1, 2, 2]), 3).toArray()).toEqual([
      [
        [0, 0.5, 1],
        [1, 1.5, 2],
        [2, 2.5, 3],
      ],
    ])
    expect(p.adaptiveAvgPool2d(x, [null, 1]).shape).toEqual([1, 5, 1])
  })

  it('says what is wrong', () => {
    expect(() => p.maxPool2d(ones([1, 2, 2]), 3)).toThrow(/spans \[3, 3\] does not fit into \[1, 2, 2\]/)
    expect(() => p.maxPool2d(ones([1, 4, 4]), 2, { padding: 2 })).toThrow(/at most half of the kernel/)
    expect(() => p.avgPool2d(ones([1, 4, 4]), 2, { pad: 2 } as object)).toThrow(/unknown option 'pad'/)
    expect(() => p.adaptiveAvgPool2d(ones([1, 4, 4]), [1, 2, 3])).toThrow(/outputSize/)
  })
})
