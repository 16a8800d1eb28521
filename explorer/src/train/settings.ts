/** What a run is made of, as the address has it. What the address leaves out, or gets wrong, has its default. */
import { refuseRate } from '../play/parts/settings.ts'
import { isPointSet, type PointSet } from './data/points.ts'
import { SETTINGS } from './inputs.ts'

export type DataSet = PointSet | 'digits'

export interface Settings {
  readonly set: DataSet
  /** How many hidden layers. */
  readonly layers: number
  /** Units per hidden layer. */
  readonly width: number
  readonly activation: Activation
  readonly init: Init
  readonly optimizer: OptimizerName
  /** The learning rate η. */
  readonly lr: number
  /** Examples per step. */
  readonly batch: number
  readonly seed: number
}

export const ACTIVATIONS = ['tanh', 'relu', 'sigmoid', 'leakyRelu', 'gelu', 'silu', 'linear'] as const
export type Activation = (typeof ACTIVATIONS)[number]

const INITS = ['default', 'xavierUniform', 'kaimingNormal', 'orthogonal', 'small', 'large', 'zeros'] as const
export type Init = (typeof INITS)[number]

const OPTIMIZERS = ['adam', 'adamw', 'sgd', 'momentum', 'rmsprop'] as const
export type OptimizerName = (typeof OPTIMIZERS)[number]

/** A whole number with its bounds. */
export interface Bounds {
  readonly min: number
  readonly max: number
}

export const BOUNDS = {
  layers: { min: 0, max: 12 },
  width: { min: 1, max: 64 },
  batch: { min: 1, max: 128 },
  seed: { min: 0, max: 9999 },
} as const satisfies Record<string, Bounds>

export type Inputs = Readonly<Record<string, string>>

const points: Settings = {
  set: 'moons',
  layers: 2,
  width: 8,
  activation: 'tanh',
  init: 'default',
  optimizer: 'adam',
  lr: 0.02,
  batch: 16,
  seed: 0,
}
const digits: Settings = {
  ...points,
  set: 'digits',
  layers: 1,
  width: 32,
  activation: 'relu',
  lr: 0.003,
  batch: 32,
}
/** Arms that wind around each other take a larger network. */
const spirals: Settings = { ...points, set: 'spirals', layers: 3, width: 16 }

/** What a data set starts with. */
export function defaultsOf(set: DataSet): Settings {
  if (set === 'digits') return digits
  return set === 'spirals' ? spirals : { ...points, set }
}

const oneOf = <T extends string>(words: readonly T[], text: string | undefined, otherwise: T): T =>
  words.find((word) => word === text) ?? otherwise

const isDataSet = (text: string | undefined): text is DataSet =>
  text !== undefined && (text === 'digits' || isPointSet(text))

export function settingsOf(inputs: Inputs): Settings {
  const start = defaultsOf(isDataSet(inputs.set) ? inputs.set : 'moons')
  const whole = (id: keyof typeof BOUNDS): number => {
    const text = inputs[id]
    const value = Number(text)
    if (text === undefined || text.trim() === '' || !Number.isFinite(value)) return start[id]
    return Math.round(Math.min(BOUNDS[id].max, Math.max(BOUNDS[id].min, value)))
  }
  const rate = Number(inputs.lr)
  return {
    set: start.set,
    layers: whole('layers'),
    width: whole('width'),
    activation: oneOf(ACTIVATIONS, inputs.activation, start.activation),
    init: oneOf(INITS, inputs.init, start.init),
    optimizer: oneOf(OPTIMIZERS, inputs.optimizer, start.optimizer),
    lr: inputs.lr !== undefined && refuseRate(rate) === undefined ? rate : start.lr,
    batch: whole('batch'),
    seed: whole('seed'),
  }
}

/** What a link asks for and does not get, one sentence each. */
export function problemsOf(inputs: Inputs): readonly string[] {
  const settings = settingsOf(inputs)
  return SETTINGS.flatMap((key) => {
    const [asked, used] = [inputs[key], settings[key]]
    const isSame = asked === undefined || asked === String(used) || (asked.trim() !== '' && Number(asked) === used)
    return isSame ? [] : [`The link asks for ${key}=${asked}; ${used} is used.`]
  })
}

/** Two settings that differ in nothing but η are of the same run: η may change on the way. */
export const isSameRun = (a: Settings, b: Settings): boolean =>
  JSON.stringify({ ...a, lr: 0 }) === JSON.stringify({ ...b, lr: 0 })
