/** What was last given, once it has been the same for a while: for what is too dear to follow every move of a slider. */
import { useEffect, useState } from 'react'

/** A slider rests when it has not moved for so long. */
export const QUIET_MS = 80

/** @param isDear whether to wait at all. @param key what it belongs to: with another key there is no waiting. */
export function useSettled<T>(now: T, key: string, isDear: boolean): T {
  const [last, setLast] = useState({ key, value: now })
  useEffect(() => {
    const later = setTimeout(() => setLast({ key, value: now }), QUIET_MS)
    return () => clearTimeout(later)
  }, [now, key])
  return isDear && last.key === key ? last.value : now
}
