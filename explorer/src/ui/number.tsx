/** One number on screen. Short to read; its title and what is copied from it have every digit. */
import type { ClipboardEvent } from 'react'
import { copyNumber, isFiniteShown, type Shown, showNumber } from './show-number.ts'

export function Num({ value, part }: { value: Shown; part?: 'value' | 'gradient' }) {
  const full = copyNumber(value)
  const copy = (event: ClipboardEvent<HTMLElement>) => {
    const chosen = document.getSelection()
    const inside = (node: Node | null | undefined) => node != null && event.currentTarget.contains(node)
    if (!full || !inside(chosen?.anchorNode) || !inside(chosen?.focusNode)) return
    event.clipboardData.setData('text/plain', full)
    event.preventDefault()
  }
  return (
    <span
      className={isFiniteShown(value) ? 'num' : 'num num-bad'}
      data-role={part}
      data-value={full}
      title={full || 'not known at this step'}
      onCopy={copy}
    >
      {showNumber(value)}
    </span>
  )
}
