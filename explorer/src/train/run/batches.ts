/** The batch of any step, the same whenever it is asked for: every epoch has an order of its own, which the seed fixes. */
import type { Tensor } from 'chainrule'
import { DataLoader, TensorDataset } from 'chainrule/data'
import type { Part } from '../data/samples.ts'

type Batch = readonly [x: Tensor, y: Tensor]

export class Batches {
  readonly #loader: DataLoader<Tensor[], Tensor[]>
  #epoch: Iterator<Tensor[]> | null = null
  #next = 0

  constructor({ x, y }: Part, batchSize: number, seed: number) {
    this.#loader = new DataLoader(new TensorDataset(x, y), { batchSize, shuffle: true, seed, dropLast: true })
  }

  /** How many there are in an epoch. */
  get perEpoch(): number {
    return this.#loader.length
  }

  /** Quick for the step after the last that was asked for; otherwise the epoch is begun anew. */
  at(step: number): Batch {
    if (step !== this.#next || step % this.perEpoch === 0 || !this.#epoch) this.#seek(step)
    const [x, y] = this.#epoch!.next().value as Tensor[]
    this.#next = step + 1
    x.name = 'x'
    y.name = 'y'
    return [x, y]
  }

  #seek(step: number): void {
    this.#loader.epoch = Math.floor(step / this.perEpoch)
    this.#epoch = this.#loader[Symbol.iterator]()
    for (let skipped = step % this.perEpoch; skipped > 0; skipped--) this.#epoch.next()
  }
}
