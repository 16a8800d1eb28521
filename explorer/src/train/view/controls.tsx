/** What a run is made of. All of it stands in the address; everything but η begins the run anew. */
import { update } from '../../model/store.ts'
import { Choices } from '../../play/parts/knobs.tsx'
import { refuseCount, refuseRate } from '../../play/parts/settings.ts'
import { setInputs } from '../../play/parts/use-program.ts'
import { NumberBox } from '../../ui/index.ts'
import { Slider } from '../../ui/slider.tsx'
import {
  ACTIVATIONS,
  BOUNDS,
  type DataSet,
  defaultsOf,
  type Init,
  type Inputs,
  type OptimizerName,
  type Settings,
} from '../settings.ts'

type Options = readonly (readonly [value: string, text: string])[]

const SETS: Readonly<Record<DataSet, string>> = {
  moons: 'two moons',
  spirals: 'spirals',
  circles: 'circles',
  xor: 'XOR squares',
  blobs: 'two clouds',
  digits: 'MNIST digits',
}
const INITS: Readonly<Record<Init, string>> = {
  default: 'like nn.Linear',
  xavierUniform: 'Xavier, uniform',
  kaimingNormal: 'Kaiming, normal',
  orthogonal: 'orthogonal',
  small: 'normal, σ = 0.01',
  large: 'normal, σ = 3',
  zeros: 'all zero',
}
const OPTIMIZERS: Readonly<Record<OptimizerName, string>> = {
  adam: 'Adam',
  adamw: 'AdamW',
  sgd: 'SGD',
  momentum: 'SGD, momentum 0.9',
  rmsprop: 'RMSprop',
}

const LABELS = { layers: 'hidden layers', width: 'units in each', batch: 'batch size', seed: 'seed' } as const

/** A list whose first choice is what the settings say, so that it shows them where the address says nothing. */
function List({ id, label, options, value }: { id: string; label: string; options: Options; value: string }) {
  return <Choices choices={[{ id, label, options }]} inputs={{ [id]: value }} />
}

export function Controls({ settings, inputs }: { settings: Settings; inputs: Inputs }) {
  return (
    <div className="train-controls">
      <SetList settings={settings} inputs={inputs} />
      <Whole id="layers" settings={settings} />
      <Whole id="width" settings={settings} />
      <List
        id="activation"
        label="Activation"
        options={ACTIVATIONS.map((name) => [name, name])}
        value={settings.activation}
      />
      <List id="init" label="Initialisation" options={Object.entries(INITS)} value={settings.init} />
      <List id="optimizer" label="Optimiser" options={Object.entries(OPTIMIZERS)} value={settings.optimizer} />
      <p className="choice train-rate">
        <label htmlFor="train-rate">learning rate η</label>
        <NumberBox
          key={`${settings.set} ${inputs.lr === undefined}`}
          id="train-rate"
          label="learning rate η"
          value={settings.lr}
          onChange={(lr) => setInputs({ lr: String(lr) })}
          refuse={refuseRate}
        />
      </p>
      <Whole id="batch" settings={settings} />
      <Whole id="seed" settings={settings} />
      <p className="hint">η may be changed on the way. Everything else begins the run anew.</p>
    </div>
  )
}

/** Another data set has settings of its own: those of the last one would not suit it. */
function SetList({ settings, inputs }: { settings: Settings; inputs: Inputs }) {
  return (
    <p className="choice">
      <label htmlFor="train-set">Data</label>
      <select
        id="train-set"
        value={settings.set}
        onChange={(event) => update({ inputs: forSet(inputs, event.target.value) })}
      >
        {Object.entries(SETS).map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </p>
  )
}

/** How it is looked at stays. */
const forSet = ({ pace, log }: Inputs, set: string): Inputs => ({
  set,
  ...(pace && { pace }),
  ...(log && { log }),
})

function Whole({ id, settings }: { id: keyof typeof BOUNDS; settings: Settings }) {
  const bounds = BOUNDS[id]
  const [label, start] = [LABELS[id], defaultsOf(settings.set)[id]]
  return (
    <Slider
      key={`${id} ${settings.set}`}
      id={`train-${id}`}
      label={label}
      value={settings[id]}
      onChange={(value) => setInputs({ [id]: String(value) })}
      min={bounds.min}
      max={bounds.max}
      step={1}
      default={start}
      refuse={refuseCount({ id, label, start, ...bounds })}
    />
  )
}
