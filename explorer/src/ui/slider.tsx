/**
 * A number to be moved: a native range with a box for exact values and bounds that can be changed. The box wins: a
 * value beyond the bounds is used, and the slider stands at its end and says so.
 */
import { type KeyboardEvent, useState } from 'react'
import { NumberBox } from './number-box.tsx'
import { showNumber } from './show-number.ts'

interface SliderProps {
  readonly id: string
  readonly label: string
  readonly value: number
  readonly onChange: (value: number) => void
  readonly min?: number
  readonly max?: number
  readonly step?: number
  /** What Delete and a double click bring back. */
  readonly default: number
  readonly refuse?: (value: number) => string | undefined
}

export function Slider({ id, label, value, onChange, step = 0.01, refuse, ...rest }: SliderProps) {
  const [bounds, setBounds] = useState({ min: rest.min ?? -3, max: rest.max ?? 3 })
  const beyond = value < bounds.min || value > bounds.max
  const restore = () => onChange(rest.default)
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Delete') restore()
  }
  return (
    <div className="slider">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="range"
        min={bounds.min}
        max={bounds.max}
        step={step}
        value={value}
        aria-valuetext={`${label} = ${showNumber(value)}${beyond ? ', beyond the slider' : ''}`}
        title={`Double-click or Delete: back to ${showNumber(rest.default)}`}
        onChange={(event) => onChange(Number(event.target.value))}
        onDoubleClick={restore}
        onKeyDown={key}
      />
      <NumberBox id={`${id}-box`} label={`${label}, exact value`} value={value} onChange={onChange} refuse={refuse} />
      <details className="slider-bounds">
        <summary aria-label={`bounds of ${label}`} title="Bounds">
          ⋯
        </summary>
        <span>
          from{' '}
          <NumberBox
            label={`least ${label}`}
            value={bounds.min}
            onChange={(min) => setBounds({ ...bounds, min })}
            refuse={(min) => (min < bounds.max ? undefined : 'This must be below the upper bound.')}
          />{' '}
          to{' '}
          <NumberBox
            label={`greatest ${label}`}
            value={bounds.max}
            onChange={(max) => setBounds({ ...bounds, max })}
            refuse={(max) => (max > bounds.min ? undefined : 'This must be above the lower bound.')}
          />
        </span>
      </details>
      {beyond && <span className="slider-beyond">beyond slider</span>}
    </div>
  )
}
