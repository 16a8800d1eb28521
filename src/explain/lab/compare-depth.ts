/** Several networks of the depth lab side by side: the same data, other settings. */
import { ArgumentError } from '../../errors/index.ts'
import { shown } from '../../ops/arguments.ts'
import { DepthComparison } from './depth-comparison.ts'
import { type DepthLabOptions, depthLab } from './depth-lab.ts'

/**
 * Runs the depth lab once per entry of the list and compares what arrives in each layer.
 * @param settings at least one; they are called by the settings in which they differ.
 * @throws ArgumentError as of `depthLab`.
 * @example compareDepth([{ activation: 'sigmoid' }, { activation: 'relu' }]).names // ['sigmoid', 'relu']
 */
export function compareDepth(settings: readonly DepthLabOptions[]): DepthComparison {
  if (!Array.isArray(settings) || settings.length === 0)
    throw new ArgumentError(
      `compareDepth: takes an array of settings, as [{ activation: 'relu' }]; got ${shown(settings)}`,
    )
  return new DepthComparison(settings.map((options) => depthLab(options)))
}
