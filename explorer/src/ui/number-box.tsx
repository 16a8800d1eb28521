/**
 * A text box for one number. While what stands in it is no number, the last good one goes on; Esc brings it back, and
 * Enter does nothing but say why.
 */
import { type KeyboardEvent, useId, useState } from 'react'
import { parseNumber } from './parse-number.ts'
import { copyNumber } from './show-number.ts'

interface NumberBoxProps {
  readonly id?: string
  readonly label: string
  readonly value: number
  readonly onChange: (value: number) => void
  /** Why a finite number cannot be used here; undefined where it can. */
  readonly refuse?: (value: number) => string | undefined
}

export function NumberBox({ id, label, value, onChange, refuse }: NumberBoxProps) {
  const [draft, setDraft] = useState<string | null>(null)
  const message = useId()
  const read = (text: string) => {
    const parsed = parseNumber(text)
    if ('why' in parsed) return parsed
    const why = refuse?.(parsed.value)
    return why === undefined ? parsed : { why }
  }
  const parsed = draft === null ? null : read(draft)
  const why = parsed && 'why' in parsed ? parsed.why : null
  const type = (text: string) => {
    setDraft(text)
    const next = read(text)
    if ('value' in next) onChange(next.value)
  }
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Escape' || (event.key === 'Enter' && !why)) setDraft(null)
  }
  return (
    <span className="number-box">
      <input
        id={id}
        type="text"
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        aria-label={label}
        aria-invalid={why !== null}
        aria-describedby={why ? message : undefined}
        value={draft ?? copyNumber(value)}
        onChange={(event) => type(event.target.value)}
        onKeyDown={key}
        onBlur={() => !why && setDraft(null)}
      />
      {why && (
        <span id={message} className="field-error" role="alert">
          {why}
        </span>
      )}
    </span>
  )
}
