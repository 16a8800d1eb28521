/** A part of a formula that belongs to one argument slot: pointing at it lights up its edge. */
import type { ReactNode } from 'react'
import { point, useHot } from '../graph/hot.ts'
import { slotKey } from '../graph/live.ts'
import type { Term } from './terms.ts'

export function Factor({ term, children }: { term: Term; children: ReactNode }) {
  const slot = { node: term.consumer.id, slot: term.slot }
  const isHot = useHot((state) => state.slot === slotKey(slot))
  return (
    <button
      type="button"
      className={isHot ? 'factor is-hot' : 'factor'}
      data-factor={slotKey(slot)}
      onPointerEnter={() => point(slot)}
      onPointerLeave={() => point(null)}
      onFocus={() => point(slot)}
      onBlur={() => point(null)}
      onClick={() => point(slot)}
    >
      {children}
    </button>
  )
}
