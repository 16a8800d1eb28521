/** After `flow` everything is as it was, whatever the program did. */
import { describe, expect, it } from 'vitest'
import { flow } from '../../src/explain/flow/index.ts'
import { Generator, manualSeed, noGrad, ones, randn, type Tensor, tensor } from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'
import * as optim from '../../src/optim/index.ts'
import { defaultGenerator, observers } from '../../src/tensor/index.ts'

class Net extends nn.Module {
  fc1 = new nn.Linear(4, 8)
  norm = new nn.BatchNorm1d(8)
  drop = new nn.Dropout(0.5)
  fc2 = new nn.Linear(8, 1)

  forward(x: Tensor): Tensor {
    return this.fc2.forward(this.drop.forward(this.norm.forward(this.fc1.forward(x)).relu()))
  }
}

function setting() {
  manualSeed(3)
  const net = new Net()
  const optimizer = new optim.Adam(net.parameters(), { lr: 0.1 })
  const [x, y] = [randn([16, 4]), randn([16, 1])]
  const loss = () => nn.mseLoss(net.forward(x), y)
  loss().backward()
  optimizer.step()
  return { net, optimizer, x, y, loss }
}

/** All that a training goes on from. */
function stateOf({ net, optimizer, x, y }: ReturnType<typeof setting>) {
  const tensors = [...net.namedParameters(), ...net.namedBuffers()]
  return {
    elements: tensors.map(([key, t]) => [key, t.toArray(), t.version, t.requiresGrad, t.isLeaf]),
    grads: net.namedParameters().map(([key, { grad }]) => [key, grad?.toArray(), grad?.version]),
    modes: net.modules().map(({ training }) => training),
    optimizer: JSON.stringify(optimizer.stateDict()),
    random: defaultGenerator.state,
    data: [x.toArray(), x.version, y.toArray(), y.grad],
    hooks: [observers.length, Net.prototype.forward.name, nn.Linear.prototype.forward],
  }
}

describe('flow leaves no trace', () => {
  it.each<[string, (at: ReturnType<typeof setting>) => unknown]>([
    ['one pass', ({ net, loss }) => flow(net, loss)],
    ['without the model', ({ loss }) => flow(loss)],
    ['a step that is tried', ({ net, loss, optimizer }) => flow(net, loss, { optimizer })],
    ['a plain step', ({ net, loss }) => flow(net, loss, { lr: 100 })],
    [
      'a program that trains by itself',
      ({ net, loss, optimizer }) =>
        flow(
          net,
          () => {
            optimizer.zeroGrad({ setToNone: false })
            const l = loss()
            l.backward()
            optim.clipGradNorm(net.parameters(), 1e-3)
            optimizer.step()
            return l
          },
          { optimizer },
        ),
    ],
    [
      'a program that changes all it can reach',
      ({ net, x, loss, optimizer }) =>
        flow(
          net,
          () => {
            noGrad(() => {
              x.mul_(2)
              net.norm.runningMean!.fill_(7)
              net.fc1.weight.zero_()
            })
            net.eval()
            optimizer.paramGroups[0].lr = 5
            net.fc2.requiresGrad_(false)
            manualSeed(99)
            return loss()
          },
          { optimizer },
        ),
    ],
    [
      'a conversion',
      ({ net, x, y }) => flow(net, () => nn.mseLoss(net.to('float64').forward(x.toFloat64()), y.toFloat64())),
    ],
  ])('%s', (_, run) => {
    const at = setting()
    const before = stateOf(at)
    const grads = at.net.parameters().map(({ grad }) => grad)
    run(at)
    expect(stateOf(at)).toEqual(before)
    for (const [i, { grad }] of at.net.parameters().entries()) expect(grad).toBe(grads[i])
  })

  it('also when the program throws', () => {
    const at = setting()
    const before = stateOf(at)
    const broken = () => {
      at.loss().backward()
      at.optimizer.step()
      throw new Error('broken')
    }
    expect(() => flow(at.net, broken, { optimizer: at.optimizer })).toThrow('broken')
    expect(() => flow(at.net, () => at.net.forward(at.x))).toThrow('the loss is a tensor with one element')
    expect(stateOf(at)).toEqual(before)
  })

  it('training goes on as if flow had not been called', () => {
    const train = (look: boolean) => {
      const at = setting()
      const losses: number[] = []
      for (let i = 0; i < 5; i++) {
        at.optimizer.zeroGrad()
        const l = at.loss()
        l.backward()
        if (look) flow(at.net, at.loss, { optimizer: at.optimizer })
        at.optimizer.step()
        losses.push(l.item())
      }
      return losses
    }
    expect(train(true)).toEqual(train(false))
  })

  it('a tape that was made before can still be walked', () => {
    const at = setting()
    const running = at.loss()
    flow(at.net, at.loss, { lr: 10 })
    expect(() => running.backward()).not.toThrow()
  })

  it('generators of the program draw the same numbers afterwards', () => {
    const generator = new Generator(5)
    const w = tensor([1, 2], { requiresGrad: true })
    flow(() => w.mul(randn([2], { generator })).sum())
    expect(generator.state).toEqual({ seed: 5, offset: 0 })
    expect(w.grad).toBeNull()
  })

  it('a loss that was computed before: neither gradients nor its tape', () => {
    const w = tensor([1, 2], { requiresGrad: true })
    const loss = w.mul(ones([2])).sum()
    flow(loss)
    expect(w.grad).toBeNull()
    loss.backward()
    expect(w.grad?.toArray()).toEqual([1, 1])
  })
})
