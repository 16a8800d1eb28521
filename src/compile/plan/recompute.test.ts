/** What is computed again instead of being kept: programs with and without. */
import { describe, expect, it } from 'vitest'
import { agree } from '../../../test/compile/agree.ts'
import { reference } from '../../../test/compile/reference.ts'
import {
  checkpoint,
  dropout,
  gelu,
  layerNorm,
  manualSeed,
  randn,
  scaledDotProductAttention,
  type Tensor,
} from '../../index.ts'
import { optimise } from '../passes/index.ts'
import { traceCall } from '../trace/trace.ts'
import { lower } from './lower.ts'
import { printProgram } from './print.ts'
import { type Thrift, thrift } from './recompute.ts'

const always: Thrift = { ample: 0, large: 1024, far: 2 }
const float64 = { dtype: 'float64' } as const
const weight = (shape: readonly number[]) => randn(shape, { ...float64, requiresGrad: true })
type Layer = (h: Tensor) => Tensor

/** A step through layers one after the other, of which only gradients are asked. */
function graphOf(layers: readonly Layer[], x: Tensor, around = (layer: Layer, h: Tensor) => layer(h)) {
  const step = (given: Tensor) =>
    layers
      .reduce((h, layer) => around(layer, h), given)
      .sum()
      .backward()
  const { graph } = traceCall(step as never, [x], true)!.compiled!
  return optimise(graph!)
}

/** The programs that keep everything, and that compute again. */
const both = (graph: ReturnType<typeof graphOf>) => [
  lower(graph, { ...always, ample: Number.POSITIVE_INFINITY }),
  lower(graph, always),
]

const arena = (lowered: ReturnType<typeof lower>) => lowered.program.arenaBytes

function networks(): Record<string, { layers: Layer[]; x: Tensor }> {
  const dense = (): Layer => {
    const [w, b] = [weight([16, 16]), weight([16])]
    return (h) => gelu(h.matmul(w).add(b), { approximate: 'tanh' })
  }
  const attention = (): Layer => {
    const w = weight([16, 48])
    return (h) => {
      const [q, k, v] = h.matmul(w).chunk(3, -1)
      return h.add(scaledDotProductAttention(q, k, v, { isCausal: true }))
    }
  }
  const norm = (): Layer => {
    const [w, g, c] = [weight([16, 16]), weight([16]), weight([16])]
    return (h) => h.add(layerNorm(h, 16, g, c).matmul(w))
  }
  const three = (make: () => Layer) => [make(), make(), make()]
  return {
    activations: { layers: three(dense), x: randn([64, 16], float64) },
    'attention weights': { layers: three(attention), x: randn([8, 16, 16], float64) },
    'normalised rows': { layers: three(norm), x: randn([64, 16], float64) },
  }
}

describe.each(Object.entries(networks()))('%s', (_, { layers, x }) => {
  const graph = graphOf(layers, x)
  const [kept, again] = both(graph)

  it('take less memory', () => {
    expect(arena(again)).toBeLessThan(arena(kept) * 0.9)
  })

  it('come to the same', () => {
    agree(graph, 1e-12, reference, kept)
    agree(graph, 1e-12, reference, again)
  })
})

it('keeps of dropped elements which they were, not what they are multiplied with', () => {
  const dropped = (): Layer => {
    const w = weight([16, 16])
    return (h) => dropout(h, 0.5).matmul(w)
  }
  const [kept, again] = both(graphOf([dropped(), dropped(), dropped()], randn([64, 16], float64)))
  expect(arena(again)).toBeLessThan(arena(kept) * 0.9)
})

it('makes an activation again in the kernel of its gradient', () => {
  const { layers, x } = networks().activations
  const [kept, again] = both(graphOf(layers, x)).map(printProgram)
  expect(kept).toMatchInlineSnapshot(`
    "matmul 64x16x16
    loop add+geluTanh [64 16] 2 -> 2 in place 1
    matmul 64x16x16
    loop add+geluTanh [64 16] 2 -> 2 in place 1
    matmul 64x16x16
    loop add+geluTanh.dx+sum [16 | 64] 2 -> 2 in place 1
    contraction 16x64x16
    contraction 64x16x16
    loop geluTanh.dx+sum [16 | 64] 2 -> 2 in place 1
    contraction 16x64x16
    contraction 64x16x16
    loop geluTanh.dx+sum [16 | 64] 2 -> 2 in place 1
    contraction 16x64x16"
  `)
  expect(again).toMatchInlineSnapshot(`
    "matmul 64x16x16
    loop add+geluTanh [64 16] 2 -> 1 in place 1
    matmul 64x16x16
    loop add+geluTanh [64 16] 2 -> 1
    matmul 64x16x16
    loop add+geluTanh.dx+sum [16 | 64] 2 -> 2 in place 1
    contraction 64x16x16
    matmul 64x16x16
    loop add+geluTanh+geluTanh.dx+sum [16 | 64] 3 -> 3 in place 2
    contraction 16x64x16
    contraction 64x16x16
    loop add+geluTanh+geluTanh.dx+sum [16 | 64] 3 -> 3 in place 2
    contraction 16x64x16
    contraction 16x64x16"
  `)
})

it('leaves small programs alone', () => {
  const { layers, x } = networks().activations
  const graph = graphOf(layers, x)
  expect(printProgram(lower(graph, thrift))).toBe(printProgram(both(graph)[0]))
})

it('leaves to a checkpoint what it computes again', () => {
  manualSeed(1)
  const { layers, x } = networks()['attention weights']
  const plain = lower(graphOf(layers, x))
  const graph = graphOf(layers, x, checkpoint)
  expect(arena(lower(graph))).toBeLessThan(arena(plain) * 0.8)
  agree(graph)
})
