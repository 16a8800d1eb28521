/** A button. `pressed` makes it a toggle. `says` names it where it shows only a sign; a word names itself, and `says` adds. */
import type { ReactNode } from 'react'

interface ButtonProps {
  readonly children: ReactNode
  readonly onClick: () => void
  readonly pressed?: boolean
  readonly disabled?: boolean
  readonly says?: string
  readonly tone?: 'plain' | 'main' | 'quiet'
}

export function Button({ children, onClick, pressed, disabled, says, tone = 'plain' }: ButtonProps) {
  const isWord = typeof children === 'string' && /\p{L}{2}/u.test(children)
  return (
    <button
      type="button"
      className={`button button-${tone}`}
      aria-pressed={pressed}
      aria-label={isWord ? undefined : says}
      title={says}
      disabled={disabled}
      onClick={onClick}
    >
      {children}
    </button>
  )
}
