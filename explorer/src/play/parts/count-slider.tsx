/** A whole number of a lab. A link may ask for more than there is; then it says what is used instead. */
import { Slider } from '../../ui/slider.tsx'
import type { Inputs } from './program.ts'
import { type Count, countOf, refuseCount } from './settings.ts'
import { setInputs } from './use-program.ts'

export function CountSlider({ count, inputs }: { count: Count; inputs: Inputs }) {
  const { id, label, min, max, start } = count
  const value = countOf(count, inputs)
  const asked = inputs[id]
  return (
    <div>
      <Slider
        id={id}
        label={label}
        value={value}
        onChange={(next) => setInputs({ [id]: String(next) })}
        min={min}
        max={max}
        step={1}
        default={start}
        refuse={refuseCount(count)}
      />
      {asked !== undefined && Number(asked) !== value && (
        <p className="hint" role="status">
          {label} is a whole number from {min} to {max}; {value} is used.
        </p>
      )}
    </div>
  )
}
