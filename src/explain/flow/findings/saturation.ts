/** Activations on their flat sides, where next to nothing of a gradient passes. */
import type { Diagnosis } from './finding.ts'
import { about, percent } from './words.ts'

/** The values of a network that works lie mostly where its activations bend; two thirds on the flat sides have been seen. */
export const SATURATED = 0.7
/** Next to nothing passes this layer. */
const STUCK = 0.9

export const saturation: Diagnosis = {
  name: 'saturation',
  title: 'Saturated activations',
  find: ({ layers }) =>
    layers
      // The output of a network saturates as it grows sure of itself; whether it is right, the loss says.
      .filter(({ saturated, final }) => saturated !== null && saturated >= SATURATED && !final)
      .map(({ key, saturated, gates }) => {
        const { names, steepest, low, high } = gates!
        return {
          severity: saturated! >= STUCK ? ('problem' as const) : ('warning' as const),
          where: { layers: [key] },
          evidence:
            `${percent(saturated!)} of the ${names.join(' and ')} values in ${key} are saturated: the slope is below 1 % of the largest, ` +
            `${about(steepest)}. The operands lie between ${about(low)} and ${about(high)}.`,
          remedy:
            'Bring the operands nearer to 0: nn.LayerNorm or nn.BatchNorm1d before the activation, smaller weights with nn.init.xavierNormal_(layer.weight), inputs of mean 0 and variance 1; or use nn.ReLU with nn.init.kaimingNormal_.',
          data: { saturated: saturated!, low, high },
        }
      }),
}
