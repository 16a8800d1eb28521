/**
 * A program that is recorded does what it does otherwise: the same results, gradients, parameters, buffers, states and
 * random numbers, bit for bit, and the same errors. Every program runs twice from the same seed, once under observation.
 */
import { describe, expect, it } from 'vitest'
import { flatten } from '../../src/autodiff/tree.ts'
import { record } from '../../src/explain/index.ts'
import {
  checkpoint,
  defineFunction,
  detectAnomaly,
  dropout,
  enableGrad,
  grad,
  gradients,
  hessian,
  jvp,
  manualSeed,
  noGrad,
  rand,
  randn,
  type Tensor,
  tensor,
  vjp,
  vmap,
} from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'
import * as optim from '../../src/optim/index.ts'

type Program = () => unknown

/** All numbers that a program leaves behind, and where the stream of random numbers stands. */
function numbers(program: Program, run: (program: Program) => unknown): number[] {
  manualSeed(7)
  const made = run(program)
  return [...flatten(made).leaves.flatMap((x) => Array.from(x.data as Float64Array)), ...Array.from(rand([3]).data)]
}

function network(...middle: nn.Layer[]): nn.Sequential {
  return new nn.Sequential(new nn.Linear(3, 4), ...middle, new nn.Linear(4, 2))
}

const batch = () => [randn([6, 3]), tensor([0, 1, 1, 0, 1, 0], { dtype: 'int32' })] as const
const left = (model: nn.Module): unknown =>
  [...model.parameters(), ...model.parameters().map((x) => x.grad), ...model.namedBuffers().map(([, x]) => x)].filter(
    (x) => x !== null,
  )

function train(model: nn.Module, optimizer: optim.Optimizer, steps = 5): unknown {
  const [x, y] = batch()
  const losses = Array.from({ length: steps }, () => {
    optimizer.zeroGrad()
    const loss = nn.crossEntropy(model.forward(x) as Tensor, y)
    loss.backward()
    optim.clipGradNorm(model.parameters(), 1)
    optimizer.step()
    return loss
  })
  const state = Object.values(optimizer.stateDict().state).flatMap((one) => Object.values(one))
  return [losses, left(model), state]
}

const { SGD, Adam, AdamW, NAdam, RAdam, Adamax, Adagrad, RMSprop, Lion } = optim
const optimizers = [SGD, Adam, AdamW, NAdam, RAdam, Adamax, Adagrad, RMSprop, Lion]

const leaf = (data: number | number[] | number[][]): Tensor => tensor(data, { dtype: 'float64', requiresGrad: true })

const twice = defineFunction({
  name: 'twice',
  forward(ctx, x: Tensor) {
    ctx.saveForBackward(x.square())
    return x.mul(2).add(rand(x.shape))
  },
  backward: (ctx, g) => g.mul(2).add(ctx.savedTensors[0].mul(0)),
})

const programs: Record<string, Program> = {
  'random numbers and dropout': () => {
    const w = leaf([1, 2, 3])
    const y = dropout(w.mul(randn([3])), 0.5)
    y.sum().backward()
    return [y, w.grad, randn([2])]
  },
  'batch normalisation, in training and after': () => {
    const model = network(new nn.BatchNorm1d(4), new nn.Dropout(0.3))
    const trained = train(model, new optim.SGD(model.parameters(), { lr: 0.1 }))
    model.eval()
    const [x, y] = batch()
    nn.crossEntropy(model.forward(x), y).backward()
    return [trained, left(model)]
  },
  ...Object.fromEntries(
    optimizers.map((Optimizer) => [
      `five steps of ${Optimizer.name}`,
      () => {
        const model = network(new nn.Tanh())
        return train(model, new Optimizer(model.parameters(), { lr: 0.05 }))
      },
    ]),
  ),
  'momentum and weight decay': () => {
    const model = network(new nn.GELU(), new nn.LayerNorm([4]))
    return train(
      model,
      new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9, weightDecay: 0.01, nesterov: true }),
    )
  },
  'closures of LBFGS': () => {
    const model = network(new nn.Sigmoid())
    const [x, y] = batch()
    const lbfgs = new optim.LBFGS(model.parameters(), { maxIter: 4, lineSearchFn: 'strong_wolfe' })
    const losses = Array.from({ length: 3 }, () =>
      lbfgs.step(() => {
        lbfgs.zeroGrad()
        const loss = nn.crossEntropy(model.forward(x), y)
        loss.backward()
        return loss
      }),
    )
    return [losses, left(model)]
  },
  'gradients that add up over steps': () => {
    const w = leaf([1, -2])
    for (let i = 0; i < 4; i++) w.mul(i).square().sum().backward()
    return w.grad
  },
  'second derivatives': () => {
    const w = leaf([1, 2])
    const [g] = gradients(w.square().mul(w).sum(), w, { createGraph: true })
    g.square().sum().backward()
    return [g, w.grad]
  },
  'a gradient penalty by createGraph': () => {
    const w = leaf([0.5, -0.3])
    const loss = w.exp().sum()
    loss.backward(null, { createGraph: true })
    w.grad!.square().sum().backward()
    return w.grad
  },
  'hooks that replace, change in place, and keep': () => {
    const w = leaf([1, 2])
    const kept: Tensor[] = []
    const h = w.mul(3)
    h.onGrad((g) => {
      kept.push(g)
      return g.mul(2)
    })
    w.onGrad((g) => {
      noGrad(() => g.mul_(0.5))
      return undefined
    })
    h.square().add(h).sum().backward()
    return [w.grad, kept]
  },
  'a hook that runs another backward': () => {
    const [x, w] = [leaf(3), leaf(2)]
    const h = x.mul(w)
    h.onGrad(() => {
      enableGrad(() => x.square()).backward(null, { inputs: [x] })
      return undefined
    })
    h.square().backward(null, { inputs: [w] })
    return [x.grad, w.grad]
  },
  'gradients that are written into afterwards': () => {
    const w = leaf([1, 2])
    const h = w.mul(3).retainGrad()
    h.add(1).sum().backward()
    noGrad(() => w.grad!.mul_(5))
    const [g] = gradients(w.mul(2).sum(), w)
    g.add_(1)
    return [w.grad, h.grad, g]
  },
  'two calls of backward, and two losses on one trunk': () => {
    const w = leaf([1, 2])
    const trunk = w.exp()
    const [a, b] = [trunk.sum(), trunk.square().sum()]
    a.backward(null, { retainGraph: true })
    a.backward(null, { retainGraph: true })
    b.backward()
    return w.grad
  },
  'backward with a gradient, to some inputs only': () => {
    const [u, w] = [leaf([1, 2]), leaf([3, 4])]
    u.mul(w).backward(tensor([2, 3], { dtype: 'float64' }), { inputs: [u] })
    return [u.grad, w.grad].filter((g) => g !== null)
  },
  'a checkpoint with dropout inside': () => {
    const w = leaf([1, 2, 3])
    const y = checkpoint((x: Tensor) => dropout(x.sin(), 0.5).exp(), w)
    y.sum().backward()
    return [y, w.grad, rand([1])]
  },
  transforms: () => {
    const w = leaf([1, 2])
    const f = (x: Tensor) => x.square().mul(w).sum()
    const g = grad(f)(w)
    const [, pullback] = vjp(f, w)
    const [, tangent] = jvp(f, [w], [tensor([1, 0], { dtype: 'float64' })])
    const rows = vmap((x: Tensor) => x.mul(w).sum())(tensor([[1, 2]], { dtype: 'float64' }))
    g.sum().add(rows.sum()).backward()
    return [g, pullback(tensor(2, { dtype: 'float64' })), tangent, hessian(f)(w), w.grad]
  },
  'changes in place': () => {
    const w = leaf([1, 2])
    const x = w.mul(2)
    const before = x.mul(5)
    x.add_(1)
    x.set(0, 3)
    const buffer = tensor([1, 1], { dtype: 'float64' })
    const y = x.mul(buffer)
    const loss = before.add(x.square()).sum().add(y.sum())
    loss.backward()
    buffer.fill_(9)
    return [loss, w.grad, buffer]
  },
  'a function with a derivative and random numbers of its own': () => {
    const w = leaf([1, 2])
    const y = twice(w).square().sum()
    y.backward()
    return [y, w.grad]
  },
  'recurrent layers and attention': () => {
    const gru = new nn.GRU(3, 4)
    const attention = new nn.TransformerEncoderLayer(4, 2, { dimFeedforward: 5, dropout: 0.2 })
    const [out] = gru.forward(randn([2, 5, 3]))
    attention.forward(out).square().mean().backward()
    return [left(gru), left(attention)]
  },
  'a recording inside': () => {
    const w = leaf([1, 2])
    const inner = record(() => w.square().sum())
    inner.value.backward()
    return [inner.value, w.grad]
  },
  'no recording of ops': () => {
    const w = leaf([1, 2])
    const y = noGrad(() => w.square())
    const [z] = [noGrad(() => record(() => w.exp()).value)]
    return [y, z]
  },
}

describe('recording changes nothing', () => {
  for (const [name, program] of Object.entries(programs)) {
    it(name, () => {
      const plain = numbers(program, (run) => run())
      const recorded = numbers(program, (run) => {
        const recording = record(run)
        // Looking at it changes nothing either.
        JSON.stringify(recording)
        recording.toText()
        return recording.value
      })
      expect(plain.length).toBeGreaterThan(3)
      expect(recorded).toEqual(plain)
      expect(numbers(program, (run) => run())).toEqual(plain)
    })
  }

  it('errors are those of the program', () => {
    const w = leaf([1, 2])
    const failing: Program[] = [
      () => w.square().backward(),
      () => {
        const y = w.square().sum()
        y.backward()
        y.backward()
      },
      () => {
        const x = w.mul(1)
        const y = x.square().sum()
        noGrad(() => x.add_(1))
        y.backward()
      },
      () => detectAnomaly(() => w.mul(0).log().sum().backward()),
      () => w.matmul(leaf([[1, 2, 3]])),
    ]
    const message = (run: () => unknown) => {
      try {
        run()
      } catch (error) {
        return (error as Error).message.replace(/ at \S+:\d+:\d+/g, '')
      }
      return 'no error'
    }
    for (const program of failing) {
      expect(message(() => record(program))).toBe(message(program))
      expect(message(program)).not.toBe('no error')
    }
  })
})
