/** The line between two panes: dragged, or moved by the arrow keys. Widths are kept on this machine, not in links. */
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { keep, kept } from './kept.ts'

const LEAST = 200
const MOST = 640
const STRIDE = 24

const inRange = (width: number): number => Math.max(LEAST, Math.min(MOST, Math.round(width)))

export function usePaneWidth(pane: string, usual: number): readonly [number, (width: number) => void] {
  const [width, setWidth] = useState(() => inRange(Number(kept(`pane.${pane}`) ?? usual) || usual))
  const change = (next: number) => {
    setWidth(inRange(next))
    keep(`pane.${pane}`, String(inRange(next)))
  }
  return [width, change]
}

interface SplitterProps {
  readonly label: string
  readonly width: number
  readonly onChange: (width: number) => void
  /** On which side of the line the pane is. */
  readonly side: 'left' | 'right'
}

export function Splitter({ label, width, onChange, side }: SplitterProps) {
  const from = useRef<{ x: number; width: number } | null>(null)
  const sign = side === 'left' ? 1 : -1
  const down = (event: PointerEvent<HTMLElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId)
    from.current = { x: event.clientX, width }
  }
  const move = (event: PointerEvent) => {
    if (from.current) onChange(from.current.width + sign * (event.clientX - from.current.x))
  }
  const key = (event: KeyboardEvent) => {
    const by = { ArrowRight: STRIDE, ArrowLeft: -STRIDE }[event.key]
    const to = { Home: LEAST, End: MOST }[event.key]
    if (by === undefined && to === undefined) return
    event.preventDefault()
    onChange(to ?? width + sign * by!)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a splitter is a separator that can be focused; hr cannot
    <div
      className="splitter"
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={() => {
        from.current = null
      }}
      onKeyDown={key}
    />
  )
}
