/**
 * A run of training that can be asked about any of its steps. What decides a step is kept now and then: a step is shown by
 * going from the last such point to it once more, with a network beside the one that is trained.
 *
 * Steps run eagerly. Compiled they would be quicker, but the last digit would be rounded otherwise than in the graph of the
 * step, which has to have the very numbers of the chart; and monitors look into operations that run one by one.
 */
import { type Finding, GradientMonitor, type Recording, record } from 'chainrule/explain'
import type { Samples } from '../data/samples.ts'
import type { Settings } from '../settings.ts'
import { Batches } from './batches.ts'
import { Kept } from './kept.ts'
import { Learner, type Snapshot } from './learner.ts'

/** One step: the loss of its batch before the update, and what else was seen there. */
export interface Entry {
  readonly step: number
  readonly loss: number
  /** Loss of the held-out examples with the same parameters; null where it was not computed. */
  readonly heldOut: number | null
  /** ‖∂L/∂W‖ per linear layer. */
  readonly norms: readonly number[]
}

/** What the held-out examples say of the network before a step. */
export interface Exam {
  readonly step: number
  readonly loss: number
  /** The share of right answers. */
  readonly accuracy: number
}

/** Every how manieth step gradients are watched, and the network is examined: powers of two, as strides are. */
const WATCHED_EVERY = 8
/** Many large examples take longer than some steps. */
const examinedEvery = ({ features }: Samples): number => (features > 100 ? 4 * WATCHED_EVERY : WATCHED_EVERY)
const SNAPSHOTS = 24
const SNAPSHOT_EVERY = 32

export class Training {
  readonly learner: Learner
  readonly #settings: Settings
  readonly #samples: Samples
  readonly #batches: Batches
  readonly #monitor: GradientMonitor
  readonly #snapshots = new Kept<Snapshot>(SNAPSHOTS, SNAPSHOT_EVERY)
  /** η from each step on. */
  readonly #rates: { readonly step: number; readonly lr: number }[]
  #steps = 0
  #exam: Exam | null = null

  constructor(settings: Settings, samples: Samples) {
    this.#settings = settings
    this.#samples = samples
    this.learner = new Learner(settings, samples)
    this.#batches = new Batches(samples.train, settings.batch, settings.seed)
    this.#rates = [{ step: 0, lr: settings.lr }]
    const { model, optimizer } = this.learner
    this.#monitor = new GradientMonitor(model, { optimizer, every: WATCHED_EVERY }).attach()
  }

  /** How many steps have been taken. */
  get steps(): number {
    return this.#steps
  }

  /** Steps per epoch. */
  get perEpoch(): number {
    return this.#batches.perEpoch
  }

  setRate(lr: number): void {
    if (this.#rates.at(-1)?.step === this.#steps) this.#rates.pop()
    this.#rates.push({ step: this.#steps, lr })
    this.learner.rate = lr
  }

  step(): Entry {
    const step = this.#steps
    if (this.#snapshots.wants(step)) this.#snapshots.add(this.learner.save(step))
    const heldOut = step % examinedEvery(this.#samples) === 0 ? this.examine().loss : null
    const taken = this.learner.advance(...this.#batches.at(step), (loss) => this.#monitor.step(loss))
    this.#steps++
    return { step, heldOut, ...taken }
  }

  /** The network as it is now, on the held-out examples. */
  examine(): Exam {
    if (this.#exam?.step !== this.#steps)
      this.#exam = { step: this.#steps, ...this.aside(() => this.learner.examine(this.#samples.heldOut)) }
    return this.#exam
  }

  /** The last that was made. */
  get exam(): Exam {
    return this.#exam ?? this.examine()
  }

  /** Uses the network without the monitor's taking it for a part of the training. */
  aside<T>(use: () => T): T {
    this.#monitor.detach()
    try {
      return use()
    } finally {
      this.#monitor.attach()
    }
  }

  findings(): readonly Finding[] {
    return this.#monitor.findings()
  }

  /**
   * Forward and backward of a step that was taken, recorded: with its parameters and its whole batch.
   * @throws RangeError for a step that was not.
   */
  record(step: number): Recording {
    if (!(Number.isInteger(step) && step >= 0 && step < this.#steps))
      throw new RangeError(`Step ${step} has not been taken: there are steps 0 to ${this.#steps - 1}.`)
    return this.aside(() => {
      const learner = this.#replayed(step)
      const [x, y] = new Batches(this.#samples.train, this.#settings.batch, this.#settings.seed).at(step)
      const program = () => {
        const loss = learner.loss(x, y)
        loss.name = 'L'
        loss.backward()
      }
      // The places in this script are nobody's.
      return record(program, { title: `Training step ${step}`, places: false })
    })
  }

  /** A network as it was before a step. */
  #replayed(step: number): Learner {
    const learner = new Learner(this.#settings, this.#samples)
    const from = this.#snapshots.before(step)
    if (from) learner.load(from)
    const batches = new Batches(this.#samples.train, this.#settings.batch, this.#settings.seed)
    for (let s = from?.step ?? 0; s < step; s++) {
      learner.rate = this.#rates.findLast((rate) => rate.step <= s)!.lr
      learner.advance(...batches.at(s))
    }
    return learner
  }
}
