/**
 * `GradientMonitor`: what `flow` says of one pass, over the steps of a training. It watches the training's own passes, so
 * that nothing is computed twice and nothing has to be undone.
 */
import { toDense } from '../../backends/js/layout.ts'
import { ArgumentError, checkOptions } from '../../errors/index.ts'
import { Module } from '../../nn/module.ts'
import { kindOf, requireInteger } from '../../ops/arguments.ts'
import type { TypedArray } from '../../ops/value.ts'
import { Optimizer } from '../../optim/optimizer.ts'
import { Tensor } from '../../tensor/index.ts'
import type { ChartOptions } from '../draw/chart.ts'
import { type Block, Document } from '../render/document.ts'
import { type PlainObject, toPlain } from '../render/plain.ts'
import type { Evidence } from './evidence.ts'
import type { Finding } from './findings/finding.ts'
import { diagnose } from './findings/index.ts'
import { gather } from './gather.ts'
import { History } from './history.ts'
import { chartOf, tellMonitor } from './monitor-document.ts'
import { overTime, RECENT } from './over-time.ts'
import { normOfTensor } from './statistics.ts'
import { change } from './trial-step.ts'
import { Watch } from './watch.ts'

export interface GradientMonitorOptions {
  /** For the learning rate, and for its parameters where they are not all the model's. */
  readonly optimizer?: Optimizer
  /** Every how manieth step is measured; 10 unless given. */
  readonly every?: number
}

/** One measured step. */
export interface MonitorRecord {
  /** Counting from 0. */
  readonly step: number
  readonly loss: number
  readonly layers: readonly LayerRecord[]
  readonly parameters: readonly ParameterRecord[]
}

export interface LayerRecord {
  readonly key: string
  /** ‖y‖, and the mean and standard deviation of its elements. */
  readonly norm: number
  readonly mean: number
  readonly std: number
  /** ‖∂L/∂y‖; null where no gradient arrived. */
  readonly gradNorm: number | null
  readonly dead: number | null
  readonly saturated: number | null
}

export interface ParameterRecord {
  readonly key: string
  readonly norm: number
  readonly gradNorm: number | null
  readonly ratio: number | null
}

/** So many records, and so many losses, are kept. */
const RECORDS = 500
const LOSSES = 2000

export const MONITOR_FORMAT = 'chainrule-monitor'
export const MONITOR_VERSION = 1

/**
 * Watches a training: `attach()` once, `step(loss)` after each `optimizer.step()`, and `findings()` at any time.
 *
 * A measured step takes about twice its time (2.0 instead of 1.0 ms for a network 784-128-10 on a batch of 64); steps in
 * between cost nothing, since the hooks are taken away until the next is due. Every tenth makes 15 %, every hundredth 1 %
 * (`node bench/monitor.mjs`).
 * @example const m = new nn.Linear(2, 1); const monitor = new GradientMonitor(m, { every: 1 }).attach(); const l = m.forward(ones([3, 2])).sum(); l.backward(); monitor.step(l); monitor.detach(); monitor.records.map((r) => r.step) // [0]
 */
export class GradientMonitor extends Document {
  readonly title = 'Gradients over training'
  readonly every: number
  readonly #model: Module
  readonly #optimizer: Optimizer | undefined
  readonly #records = new History<MonitorRecord>(RECORDS)
  readonly #losses = new History<readonly [step: number, loss: number]>(LOSSES)
  readonly #recent: Evidence[] = []
  /** The parameters as they were before the step that is being watched. */
  readonly #before = new Map<Tensor, TypedArray>()
  #watch: Watch | null = null
  #attached = false
  #next = 0

  /** @throws ArgumentError where there is no module, or an option is unknown or out of range. */
  constructor(model: Module, options: GradientMonitorOptions = {}) {
    super()
    const name = 'GradientMonitor'
    if (!(model instanceof Module)) throw new ArgumentError(`${name}: takes a module, got ${kindOf(model)}`)
    checkOptions(name, options, ['optimizer', 'every'])
    const { optimizer, every = 10 } = options
    if (optimizer !== undefined && !(optimizer instanceof Optimizer))
      throw new ArgumentError(`${name}: optimizer must be an optimizer such as optim.SGD, got ${kindOf(optimizer)}`)
    requireInteger(name, 'every', every)
    if (every < 1) throw new ArgumentError(`${name}: every is at least 1, got ${every}`)
    this.#model = model
    this.#optimizer = optimizer
    this.every = every
  }

  /** Starts to watch, with the next forward pass. Returns the monitor. */
  attach(): this {
    this.#attached = true
    this.#prepare()
    return this
  }

  /** Takes all hooks away; what was measured stays. */
  detach(): void {
    this.#attached = false
    this.#watch?.stop()
    this.#watch = null
  }

  /**
   * Ends a training step: call it after `optimizer.step()` and before gradients are set to zero.
   * @param loss a tensor with one element, or its value.
   * @throws ArgumentError before `attach()`, or where there is no loss.
   */
  step(loss: Tensor | number): void {
    if (!this.#attached) throw new ArgumentError('GradientMonitor.step: call attach() before the first forward pass')
    const value = loss instanceof Tensor && loss.size === 1 ? loss.item() : loss
    if (typeof value !== 'number')
      throw new ArgumentError(
        `GradientMonitor.step: takes the loss, a number or a tensor with one element, got ${loss instanceof Tensor ? 'more elements' : kindOf(loss)}`,
      )
    this.#losses.add([this.#next, value])
    if (this.#watch) this.#measure(this.#watch, value)
    this.#next++
    this.#prepare()
  }

  /** Starts to watch if the next step is to be measured. */
  #prepare(): void {
    if (this.#watch || this.#next % this.every !== 0) return
    for (const x of this.#parameters()) {
      const known = this.#before.get(x)
      if (known?.length === x.size) known.set(toDense(x))
      else this.#before.set(x, toDense(x).slice())
    }
    this.#watch = new Watch({ thorough: false })
    this.#watch.start()
  }

  #parameters(): Tensor[] {
    return [...new Set([...this.#model.parameters(), ...this.#optimized()])]
  }

  #optimized(): Tensor[] {
    return this.#optimizer?.paramGroups.flatMap(({ params }) => params) ?? []
  }

  #measure(watch: Watch, loss: number): void {
    watch.stop()
    this.#watch = null
    const changes = new Map([...this.#before].map(([x, old]) => [x, change(old, toDense(x))]))
    const stepped = [...changes.values()].some(({ step }) => step !== 0)
    const walks = watch.walks.filter(({ roots }) => roots.some((y) => y.level === 0))
    const roots = walks.flatMap((walk) => walk.roots)
    const evidence = gather({
      seen: watch,
      model: this.#model,
      optimized: this.#optimized(),
      names: undefined,
      roots,
      walks,
      loss: { value: loss, tracked: roots.length > 0, trial: null, history: [] },
      gradient: (x) => x.grad,
      norm: (x) => changes.get(x)?.norm ?? normOfTensor(x),
      update: (x) => (stepped ? (changes.get(x)?.step ?? null) : null),
      learningRates: this.#optimizer?.paramGroups.map(({ lr }) => lr) ?? [],
      thorough: false,
    })
    // Once the loss is lost, more of the same says nothing new: what led there is kept.
    const lost = this.#recent.some((pass) => !Number.isFinite(pass.loss.value))
    if (!lost || Number.isFinite(loss)) this.#recent.push(evidence)
    if (this.#recent.length > RECENT) this.#recent.shift()
    this.#records.add(recordOf(this.#next, loss, evidence))
  }

  /** What was measured, in order; when there are more than 500, every second one is dropped. */
  get records(): readonly MonitorRecord[] {
    return this.#records.items
  }

  /** The loss of every step, or of one in so many when there are more than 2000. */
  get losses(): readonly (readonly [step: number, loss: number])[] {
    return this.#losses.items
  }

  /** One of so many measured steps is kept. */
  get stride(): number {
    return this.#records.stride
  }

  /** How many steps there have been. */
  get steps(): number {
    return this.#next
  }

  /** What the latest ten measured steps, and the losses so far, say. */
  findings(): Finding[] {
    const evidence = this.#evidence()
    return evidence ? diagnose(evidence) : []
  }

  #evidence(): Evidence | null {
    if (this.#recent.length === 0) return null
    return overTime(
      this.#recent,
      this.#losses.items.map(([, loss]) => loss),
    )
  }

  blocks(): Block[] {
    return tellMonitor(this, this.#evidence())
  }

  /** ‖∂L/∂y‖ of up to six layers over the steps. */
  toSvg(options: ChartOptions = {}): string {
    return chartOf(this, options)
  }

  /** Plain data; NaN and the infinities are strings. */
  toJSON(): PlainObject {
    const { every, stride, steps, records, losses } = this
    const findings = this.findings()
    return toPlain({
      format: MONITOR_FORMAT,
      version: MONITOR_VERSION,
      every,
      stride,
      steps,
      losses,
      records,
      findings,
    })
  }
}

function recordOf(step: number, loss: number, { layers, parameters }: Evidence): MonitorRecord {
  return {
    step,
    loss,
    layers: layers.map(({ key, activation: { norm, mean, std }, gradient, dead, saturated }) => {
      return { key, norm, mean, std, gradNorm: gradient?.norm ?? null, dead, saturated }
    }),
    parameters: parameters.map(({ key, norm, gradNorm, ratio }) => ({ key, norm, gradNorm, ratio })),
  }
}
