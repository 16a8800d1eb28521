/** The argument slot that the reader points at, in the graph or in a formula: both light it up. */
import { create } from 'zustand'
import { type SlotOf, slotKey } from './live.ts'

interface Hot {
  readonly slot: string | null
}

export const useHot = create<Hot>(() => ({ slot: null }))

export const point = (slot: SlotOf | null): void => useHot.setState({ slot: slot && slotKey(slot) })
