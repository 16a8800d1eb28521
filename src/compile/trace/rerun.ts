/**
 * Running a function as it is where its program does not reach: for second derivatives, and for cotangents that belong to
 * a transform. It meets the arguments, the parameters and the random numbers of its call; what it changes is put back.
 */
import { type Drawing, drawing, enter, type Storage, type Tensor } from '../../tensor/index.ts'

/** How the random numbers of a call were drawn. */
export type Draws = Drawing

/** Runs fn, keeping account of what it draws. */
export function accounting<T>(fn: () => T): { readonly result: T; readonly draws: Draws } {
  const outer = drawing.used
  const used: NonNullable<Drawing['used']> = new Map()
  drawing.used = used
  try {
    return { result: fn(), draws: { ...drawing } }
  } finally {
    drawing.used = outer
    for (const [generator, state] of used) if (outer && !outer.has(generator)) outer.set(generator, state)
  }
}

/** What a run may change. */
export interface Lasting {
  readonly storages: readonly Storage[]
  /** Whose gradients. */
  readonly owners: readonly Tensor[]
}

/** Runs fn with recording on, drawing what was drawn then; `lasting` is afterwards as it was. */
export function runAgain<T>(fn: () => T, draws: Draws | null, { storages, owners }: Lasting): T {
  const before = { ...drawing }
  const generators = [...(draws?.used ?? [])].map(([generator, state]) => ({ generator, state, now: generator.state }))
  const contents = storages.map(({ buffer }) => buffer.slice())
  const counts = storages.map(({ version, changedAt, changedBy }) => ({ version, changedAt, changedBy }))
  const grads = owners.map(({ grad }) => grad)
  for (const { generator, state } of generators) generator.state = state
  Object.assign(drawing, draws, { used: null })
  try {
    return enter({ floor: -1, anomaly: false }, fn)
  } finally {
    Object.assign(drawing, before)
    for (const { generator, now } of generators) generator.state = now
    storages.forEach((storage, i) => {
      storage.buffer.set(contents[i])
      Object.assign(storage, counts[i])
    })
    owners.forEach((x, i) => {
      x.grad = grads[i]
    })
  }
}
