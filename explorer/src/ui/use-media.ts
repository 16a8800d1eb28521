/** Whether the window fits a media query, followed as it changes. */
import { useSyncExternalStore } from 'react'

/** No room for three panes. */
export const NARROW = '(max-width: 899px)'

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = matchMedia(query)
      list.addEventListener('change', changed)
      return () => list.removeEventListener('change', changed)
    },
    () => matchMedia(query).matches,
  )
}
