/** Whole training steps: the optimised graph computes what the traced one does, with fewer nodes and no copies. */
import { describe, expect, it } from 'vitest'
import {
  add,
  crossEntropy,
  layerNorm,
  manualSeed,
  randint,
  randn,
  scaledDotProductAttention,
  type Tensor,
} from '../../index.ts'
import * as nn from '../../nn/index.ts'
import * as optim from '../../optim/index.ts'
import { interpret } from '../graph/interpret.ts'
import { printGraph } from '../graph/print.ts'
import { traceCall } from '../trace/trace.ts'
import { optimise, type Pass } from './index.ts'

type Step = (x: Tensor, y: Tensor) => Tensor

const step = (parameters: readonly nn.Parameter[], loss: Step): Step => {
  const optimizer = new optim.AdamW(parameters, { lr: 0.01 })
  return (x, y) => {
    optimizer.zeroGrad()
    const value = loss(x, y)
    value.backward()
    optimizer.step()
    return value
  }
}

function network(): Step {
  const layers = [new nn.Conv2d(1, 3, 3, { padding: 1 }), new nn.BatchNorm2d(3), new nn.ReLU(), new nn.MaxPool2d(2)]
  const model = new nn.Sequential(...layers, new nn.Flatten(), new nn.Dropout(0.2), new nn.Linear(12, 4))
  return step([...model.parameters()], (x, y) => crossEntropy(model.forward(x.reshape([2, 1, 4, 4])), y))
}

function attention(): Step {
  const [wqkv, wo, g, c] = [[4, 12], [4, 4], [4], [4]].map((shape) => new nn.Parameter(randn(shape)))
  const split = (h: Tensor) => h.reshape([2, 4, 2, 2]).transpose(1, 2)
  return step([wqkv, wo, g, c], (x, y) => {
    const h = x.reshape([8, 4])
    const [q, k, v] = layerNorm(h, 4, g, c).matmul(wqkv).chunk(3, 1).map(split)
    const mixed = scaledDotProductAttention(q, k, v, { isCausal: true }).transpose(1, 2).reshape([8, 4])
    return crossEntropy(add(h, mixed.matmul(wo)).reshape([2, 16]), y)
  })
}

/** Traced anew each time: what the host counts goes on from run to run. */
function trace(make: () => Step, x: Tensor, y: Tensor) {
  manualSeed(3)
  const { compiled, storages } = traceCall(make(), [x, y], true)!
  return { graph: compiled!.graph!, storages }
}

/** Results and states after two runs. */
function outcome(make: () => Step, pass: Pass, x: Tensor, y: Tensor): number[][] {
  const { graph, storages } = trace(make, x, y)
  manualSeed(7)
  const homes = storages.map(({ buffer }) => ({ buffer: buffer.slice() }))
  const made = interpret(pass(graph), homes)
  made.inputs[0].set(x.data)
  made.inputs[1].set(y.data)
  for (let i = 0; i < 2; i++) made.run()
  return [...made.results, ...homes.map(({ buffer }) => buffer)].map((list) => Array.from(list, (n) => n + 0))
}

describe.each([
  ['a network', network],
  ['attention', attention],
])('%s', (_, make) => {
  const [x, y] = [randn([2, 16]), randint(4, [2])]

  it('learns the same', () => {
    expect(outcome(make, optimise, x, y)).toEqual(outcome(make, (graph) => graph, x, y))
  })

  it('copies nothing but what is padded', () => {
    const { graph } = trace(make, x, y)
    const better = optimise(graph)
    expect(better.nodes.length).toBeLessThan(graph.nodes.length)
    expect(printGraph(better).match(/= clone\((?!c)/g)).toBeNull()
  })
})
