/** Where the visible part of a structure stands; until a new one is placed, the last one stays. */
import { useEffect, useState } from 'react'
import { arrange } from './arrange.ts'
import type { Placed, Room } from './placed.ts'
import type { Structure } from './structure.ts'

/** Shorter waits are not worth a word. */
const PATIENCE = 300

interface Waiting {
  readonly count: number
  cancel(): void
}

/** @param room the size of the canvas. */
export function useArrangement(structure: Structure, open: readonly string[] | null, room: () => Room) {
  const [done, setDone] = useState<{ readonly structure: Structure; readonly placed: Placed } | null>(null)
  const [waiting, setWaiting] = useState<Waiting | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a pane that is resized is no reason to move nodes
  useEffect(() => {
    let isWanted = true
    const { width, height } = room()
    const { placed, cancel } = arrange({ structure, open, room: { width, height } })
    const late = setTimeout(() => setWaiting({ count: structure.picture.nodes.length, cancel }), PATIENCE)
    void placed.then((found) => {
      clearTimeout(late)
      if (!isWanted) return
      setWaiting(null)
      setDone({ structure, placed: found })
    })
    return () => {
      isWanted = false
      clearTimeout(late)
      setWaiting(null)
    }
  }, [structure, open])
  // What is placed for another structure has nothing to do with the trace that is shown now.
  return { placed: done?.structure === structure ? done.placed : null, waiting }
}
