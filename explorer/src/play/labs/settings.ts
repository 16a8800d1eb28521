/** What can be set in the experiments. It is data, so that links can be read before an experiment is loaded. */
import type { Choice } from '../parts/program.ts'
import type { Count } from '../parts/settings.ts'

const same = (names: readonly string[]) => names.map((name) => [name, name] as const)

/** Functions of the library that act as gates between layers. */
export const ACTIVATIONS: readonly string[] = [
  ...['sigmoid', 'tanh', 'relu', 'leakyRelu', 'elu', 'selu', 'gelu', 'silu', 'softplus', 'mish', 'softsign'],
  ...['logSigmoid', 'geluTanh', 'hardtanh', 'hardsigmoid', 'hardswish', 'relu6'],
]

export const FUNCTION: Choice = { id: 'f', label: 'Activation', options: same(ACTIVATIONS) }

export const INPUTS: Count = { id: 'n', label: 'inputs', start: 20, min: 1, max: 200 }
export const HIDDEN: Count = { id: 'k', label: 'hidden', start: 16, min: 1, max: 64 }
export const OUTPUTS: Count = { id: 'm', label: 'outputs', start: 1, min: 1, max: 200 }

export const DEPTH: Count = { id: 'depth', label: 'depth', start: 20, min: 1, max: 50 }
export const WIDTH: Count = { id: 'width', label: 'width', start: 32, min: 1, max: 64 }
export const SEED: Count = { id: 'seed', label: 'seed', start: 0, min: 0, max: 9999 }

export const ACTIVATION: Choice = {
  id: 'activation',
  label: 'Activation',
  options: same(['sigmoid', 'tanh', 'relu', 'linear', 'leakyRelu', 'elu', 'selu', 'gelu', 'silu']),
}
export const INIT: Choice = {
  id: 'init',
  label: 'Initialisation',
  options: [
    ['default', 'like nn.Linear'],
    ['xavierUniform', 'Xavier, uniform'],
    ['xavierNormal', 'Xavier, normal'],
    ['kaimingUniform', 'Kaiming, uniform'],
    ['kaimingNormal', 'Kaiming, normal'],
    ['orthogonal', 'orthogonal'],
    ['0.01', 'normal, σ = 0.01'],
    ['0.5', 'normal, σ = 0.5'],
    ['1', 'normal, σ = 1'],
  ],
}
export const NORMALIZATION: Choice = {
  id: 'normalization',
  label: 'Normalisation',
  options: same(['none', 'layerNorm', 'batchNorm', 'rmsNorm']),
}
const RESIDUAL: Choice = { id: 'residual', label: 'Shortcuts', options: same(['false', 'true']) }
export const COMPARE: Choice = {
  id: 'compare',
  label: 'Compare',
  options: [
    ['activation', 'three activations'],
    ['init', 'three initialisations'],
    ['residual', 'shortcuts or none'],
    ['normalization', 'normalisations'],
    ['nothing', 'nothing'],
  ],
}

/** The inputs of each experiment, by the path of its view. */
export const labInputs: Readonly<Record<string, readonly (Choice | Count | { readonly id: string })[]>> = {
  'play/activations': [FUNCTION, { id: 'x' }],
  'play/modes': [INPUTS, HIDDEN, OUTPUTS],
  'play/depth': [DEPTH, WIDTH, SEED, ACTIVATION, INIT, NORMALIZATION, RESIDUAL, COMPARE],
}
