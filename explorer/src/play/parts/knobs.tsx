/** What can be set: a slider per number and a list per choice. */
import { copyNumber } from '../../ui/show-number.ts'
import { Slider } from '../../ui/slider.tsx'
import { type Choice, type Inputs, type Knob, knobsOf, type Leaf, numberOf, type Role } from './program.ts'
import { setInputs } from './use-program.ts'

const ROLES: readonly (readonly [Role, string])[] = [
  ['input', 'Inputs'],
  ['parameter', 'Parameters'],
  ['target', 'Target'],
]

export function Knobs({ leaves, inputs }: { leaves: readonly Leaf[]; inputs: Inputs }) {
  return ROLES.map(([role, title]) => {
    const group = leaves.filter((leaf) => leaf.role === role)
    return (
      group.length > 0 && (
        <fieldset key={role} className="knobs">
          <legend>{title}</legend>
          {group.flatMap(knobsOf).map((knob) => (
            <KnobSlider key={knob.id} knob={knob} inputs={inputs} />
          ))}
        </fieldset>
      )
    )
  })
}

export function KnobSlider({ knob, inputs }: { knob: Knob; inputs: Inputs }) {
  const { id, leaf, start } = knob
  return (
    <Slider
      id={id}
      label={id}
      value={numberOf(knob, inputs)}
      onChange={(value) => setInputs({ [id]: copyNumber(value) })}
      min={leaf.min}
      max={leaf.max}
      step={leaf.step}
      default={start}
      refuse={leaf.only && refusalOf(leaf)}
    />
  )
}

const refusalOf =
  ({ name, only }: Leaf) =>
  (value: number) => {
    if (only === 'bit') return value === 0 || value === 1 ? undefined : `${name} is 0 or 1.`
    return value < 0 || value > 1 ? `${name} lies between 0 and 1.` : undefined
  }

export function Choices({ choices, inputs }: { choices: readonly Choice[]; inputs: Inputs }) {
  return choices.map(({ id, label, options }) => {
    const value = options.find(([option]) => option === inputs[id])?.[0] ?? options[0][0]
    return (
      <p key={id} className="choice">
        <label htmlFor={`choice-${id}`}>{label}</label>
        <select id={`choice-${id}`} value={value} onChange={(event) => setInputs({ [id]: event.target.value })}>
          {options.map(([option, text]) => (
            <option key={option} value={option}>
              {text}
            </option>
          ))}
        </select>
      </p>
    )
  })
}
