import { beforeEach, describe, expect, it } from 'vitest'
import { manualSeed, noGrad, randn, type Tensor } from '../../index.ts'
import * as nn from '../../nn/index.ts'
import * as optim from '../../optim/index.ts'
import { observers } from '../../tensor/index.ts'
import { GradientMonitor, type GradientMonitorOptions } from './monitor.ts'

beforeEach(() => manualSeed(2))

const network = () =>
  new nn.Sequential(new nn.Linear(4, 32), new nn.ReLU(), new nn.Linear(32, 32), new nn.ReLU(), new nn.Linear(32, 1))

interface Training {
  readonly model?: nn.Sequential
  readonly lr?: number
  readonly steps?: number
  readonly options?: GradientMonitorOptions
  readonly between?: (model: nn.Sequential) => void
}

/** A training that is watched; gradients are set to zero at the start of a step, as they mostly are. */
function train({ model = network(), lr = 0.05, steps = 30, options = {}, between }: Training) {
  const optimizer = new optim.SGD(model.parameters(), { lr })
  const monitor = new GradientMonitor(model, { optimizer, every: 1, ...options }).attach()
  const losses: number[] = []
  for (let i = 0; i < steps; i++) {
    const x = randn([32, 4])
    const y = x.narrow(1, 0, 1).mul(2).sub(1)
    optimizer.zeroGrad()
    const loss = nn.mseLoss(model.forward(x), y)
    loss.backward()
    optimizer.step()
    monitor.step(loss)
    between?.(model)
    losses.push(loss.item())
  }
  monitor.detach()
  return { monitor, losses, model }
}

const diagnosesOf = (monitor: GradientMonitor) => [...new Set(monitor.findings().map(({ diagnosis }) => diagnosis))]

describe('GradientMonitor', () => {
  it('keeps norms of values, gradients and steps, the loss, and what is dead', () => {
    const { monitor, losses, model } = train({ steps: 5 })
    expect(monitor.losses).toEqual(losses.map((loss, i) => [i, loss]))
    expect(monitor.records.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4])
    const { layers, parameters } = monitor.records[4]
    expect(layers.map(({ key }) => key)).toEqual(['0', '1', '2', '3', '4', 'mseLoss'].slice(0, 5))
    expect(layers[1]).toMatchObject({ saturated: null, dead: expect.any(Number) })
    expect(parameters.map(({ key }) => key)).toEqual(model.namedParameters().map(([key]) => key))
    const last = parameters[parameters.length - 2]
    const weight = model.parameters()[4]
    // The step of plain SGD: lr g, so that the norm before it is that of w + lr g.
    expect(last.gradNorm).toBeCloseTo(weight.grad!.norm().item(), 6)
    expect(last.norm).toBeCloseTo(weight.add(weight.grad!.mul(0.05)).norm().item(), 5)
    expect(last.ratio).toBeCloseTo((0.05 * weight.grad!.norm().item()) / last.norm, 5)
    expect(layers[4].gradNorm).toBeGreaterThan(0)
  })

  it('changes nothing of a training', () => {
    const watched = train({ steps: 8 })
    manualSeed(2)
    const alone = train({ steps: 8, options: { every: 100 } })
    expect(watched.losses).toEqual(alone.losses)
  })

  it('measures one step in so many and has no hooks in between', () => {
    const hooks: number[] = []
    const forward = nn.Linear.prototype.forward
    const { monitor } = train({ steps: 7, options: { every: 3 }, between: () => hooks.push(observers.length) })
    expect(monitor.records.map(({ step }) => step)).toEqual([0, 3, 6])
    expect(hooks).toEqual([0, 0, 1, 0, 0, 1, 0])
    expect(nn.Linear.prototype.forward).toBe(forward)
    expect(monitor.steps).toBe(7)
  })

  it('leaves out what is evaluated between steps', () => {
    const { monitor } = train({ steps: 3, between: (model) => noGrad(() => model.forward(randn([500, 4]))) })
    expect(monitor.records[2].layers[0].norm).toBeLessThan(20)
    expect(monitor.toText()).toContain('[32, 32]')
  })

  it('finds nothing in a training that works', () => {
    expect(train({ steps: 60 }).monitor.findings()).toEqual([])
  })

  it('finds steps that are too large, and a loss that is lost', () => {
    const { monitor } = train({ lr: 30, steps: 20 })
    expect(diagnosesOf(monitor)).toContain('learning-rate')
    const [found] = monitor.findings().filter(({ diagnosis }) => diagnosis === 'learning-rate')
    expect(found.evidence).toMatch(/lr = 30/)
    expect(found.remedy).toMatch(/optimizer\.paramGroups\[0\]\.lr = /)
  })

  it('finds units that are dead in all recent steps', () => {
    const model = network()
    noGrad(() => (model[0] as nn.Linear).bias!.sub_(30))
    const { monitor } = train({ model, steps: 12, lr: 1e-4 })
    const [found] = monitor.findings()
    expect(found.diagnosis).toBe('dead-units')
    expect(found.evidence).toContain('for all 320 values of each')
  })

  it('finds vanishing gradients and a module that is left out', () => {
    class Deep extends nn.Module {
      layers = Array.from({ length: 9 }, () => new nn.Linear(4, 4))
      extra = new nn.Linear(4, 4)
      forward(x: Tensor): Tensor {
        return this.layers.reduce((h, layer) => layer.forward(h).sigmoid(), x)
      }
    }
    const model = new Deep()
    const monitor = new GradientMonitor(model).attach()
    const loss = model.forward(randn([16, 4])).mean()
    loss.backward()
    monitor.step(loss)
    monitor.detach()
    expect(diagnosesOf(monitor)).toEqual(['no-gradient', 'vanishing'].sort((a) => (a === 'vanishing' ? -1 : 1)))
    expect(monitor.findings().find(({ diagnosis }) => diagnosis === 'no-gradient')?.evidence).toBe(
      'No gradient of extra.weight and extra.bias arrived in any measured step.',
    )
  })

  it('keeps a bounded history and says so', () => {
    const model = new nn.Linear(1, 1)
    const x = randn([2, 1])
    const monitor = new GradientMonitor(model, { every: 1 }).attach()
    for (let i = 0; i < 600; i++) {
      model.zeroGrad()
      const loss = model.forward(x).square().mean()
      loss.backward()
      monitor.step(loss)
    }
    expect(monitor.records.length).toBeLessThanOrEqual(500)
    expect(monitor.stride).toBe(2)
    expect(monitor.records.slice(0, 3).map(({ step }) => step)).toEqual([0, 2, 4])
    expect(monitor.toText()).toContain('one in 2 is kept')
    monitor.detach()
  })

  it('tells itself in 80 columns, as a picture and as plain data', () => {
    const { monitor } = train({ steps: 12 })
    const text = monitor.toText()
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    expect(text).toContain('Steps: 12, all measured. The loss went from')
    expect(monitor.toSvg()).toContain('<svg')
    const data = JSON.parse(JSON.stringify(monitor))
    expect(data).toMatchObject({ format: 'chainrule-monitor', version: 1, every: 1, steps: 12, findings: [] })
    expect(data.records).toHaveLength(12)
    expect(new GradientMonitor(new nn.Linear(1, 1)).toText()).toContain('No step was measured yet')
  })

  it('refuses what it cannot watch', () => {
    const model = new nn.Linear(1, 1)
    expect(() => new GradientMonitor((() => 1) as never)).toThrow('GradientMonitor: takes a module, got function')
    expect(() => new GradientMonitor(model, { every: 0 })).toThrow('every is at least 1')
    expect(() => new GradientMonitor(model, { optimizer: {} as never })).toThrow('must be an optimizer')
    expect(() => new GradientMonitor(model, { steps: 1 } as never)).toThrow("unknown option 'steps'")
    expect(() => new GradientMonitor(model).step(1)).toThrow('call attach() before')
    expect(() => new GradientMonitor(model).attach().step(randn([2]))).toThrow('takes the loss')
    for (const observer of [...observers]) observers.splice(observers.indexOf(observer), 1)
  })
})
