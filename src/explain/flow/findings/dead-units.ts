/** Units that pass no gradient for any sample: their weights can no longer change. */
import type { LayerEvidence } from '../evidence.ts'
import type { Diagnosis } from './finding.ts'
import { SATURATED } from './saturation.ts'
import { about, percent } from './words.ts'

/**
 * Behind a few layers of random weights samples resemble each other, so that many units of a ReLU network that works are
 * off for all of one batch: three quarters of a narrow layer have been seen. From here on it is no chance.
 */
const DEAD = 0.8
/** Of the units that stay off for all batches of several steps. */
const DEAD_FOR_LONG = 0.5
/** Nothing of this layer is left to learn. */
const GONE = 0.95
/** With fewer values per unit even a healthy unit may be off for all of them ... */
const SAMPLES = 16
/** ... but hardly every unit of a layer for so many values of all units together. */
const VALUES = 64

export const deadUnits: Diagnosis = {
  name: 'dead-units',
  title: 'Dead units',
  find: ({ layers, loss }) =>
    layers.filter(dyingFrom(loss.history.length > 0 ? DEAD_FOR_LONG : DEAD)).map((layer) => {
      const { key, gates, dead } = layer
      const { alive, samples, names, low, high } = gates!
      const count = Math.round(dead! * alive.length)
      return {
        severity: dead! >= GONE ? ('problem' as const) : ('warning' as const),
        where: { layers: [key] },
        evidence:
          `${count} of ${alive.length} units of ${key} (${percent(dead!)}) are dead: the slope of ${names.join(' and ')} is exactly 0 for all ` +
          `${samples} values of each. The operands lie between ${about(low)} and ${about(high)}.`,
        remedy:
          'Use nn.LeakyReLU or nn.GELU, which pass something on either side; start with nn.init.kaimingNormal_(layer.weight) and nn.init.zeros_(layer.bias). If it came with training, lower the learning rate: one step that was too large drives units where no gradient brings them back.',
        data: { dead: dead!, units: alive.length, samples, low, high },
      }
    }),
}

const dyingFrom =
  (threshold: number) =>
  ({ dead, gates, saturated }: LayerEvidence): boolean => {
    if (dead === null || dead < threshold) return false
    const { samples, alive } = gates!
    if (samples < SAMPLES && !(dead === 1 && samples * alive.length >= VALUES)) return false
    // A slope that rounds to 0 far out on a smooth side is saturation.
    return saturated === null || saturated < SATURATED
  }
