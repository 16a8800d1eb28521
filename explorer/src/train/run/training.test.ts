/** A run is decided by its settings, and any of its steps can be seen again to the last bit. */
import { expect, it } from 'vitest'
import { points } from '../data/points.ts'
import { defaultsOf, type Settings } from '../settings.ts'
import { type Entry, Training } from './training.ts'

const base = defaultsOf('moons')

function run(settings: Settings, steps: number, then?: (training: Training, step: number) => void) {
  const training = new Training(settings, points(settings.set as 'moons', settings.seed))
  const entries: Entry[] = []
  for (let step = 0; step < steps; step++) {
    then?.(training, step)
    entries.push(training.step())
  }
  return { training, entries }
}

it('is the same for the same settings, and another for another seed', () => {
  const [first, again] = [run(base, 40).entries, run(base, 40).entries]
  expect(again).toEqual(first)
  expect(run({ ...base, seed: 1 }, 1).entries[0].loss).not.toBe(first[0].loss)
})

it('learns: held-out points are told apart', () => {
  const { training, entries } = run(base, 300)
  expect(entries[0].heldOut).toBeGreaterThan(0.5)
  expect(training.examine().accuracy).toBeGreaterThan(0.95)
})

it.each(['adam', 'sgd', 'momentum', 'rmsprop', 'adamw'] as const)('shows any step again with %s', (optimizer) => {
  const change = (training: Training, step: number) => step === 45 && training.setRate(0.1)
  const { training, entries } = run({ ...base, optimizer }, 120, (t, s) => void change(t, s))
  for (const step of [0, 31, 32, 46, 100, 119]) {
    const recording = training.record(step)
    const loss = recording.nodes.find(({ name }) => name === 'L')!
    expect(loss.tensor.item()).toBe(entries[step].loss)
  }
  expect(training.step().loss).toBe(run({ ...base, optimizer }, 121, (t, s) => void change(t, s)).entries[120].loss)
})

it('goes on as if nothing had been asked', () => {
  const asked = run(base, 60, (training, step) => {
    if (step % 7 === 3) training.record(step - 1)
    training.examine()
    training.findings()
  })
  expect(asked.entries).toEqual(run(base, 60).entries)
})

it('refuses steps that were not taken', () => {
  const { training } = run(base, 3)
  expect(() => training.record(3)).toThrow('Step 3 has not been taken: there are steps 0 to 2.')
})

it('finds what is wrong with a deep network of sigmoids', () => {
  const { training } = run({ ...base, layers: 10, activation: 'sigmoid' }, 20)
  expect(training.findings().map(({ diagnosis }) => diagnosis)).toContain('vanishing')
})
