/** Says the step to readers by ear: at once when it is reached by hand, at most every two seconds while playing fast. */
import { useEffect, useRef } from 'react'
import { useExplorer } from '../model/store.ts'
import { announce } from '../ui/index.ts'
import { usePace } from './actions.ts'
import { stepSentence } from './tell.ts'

const BREATH_MS = 2000

export function useVoice(): void {
  const step = useExplorer((state) => state.step)
  const playing = useExplorer((state) => state.playing)
  const speed = usePace((state) => state.speed)
  const said = useRef({ step: -1, at: 0 })
  useEffect(() => {
    const { session } = useExplorer.getState()
    if (!session) return
    const first = said.current.step < 0
    const now = performance.now()
    const tooSoon = playing && speed > 1 && now - said.current.at < BREATH_MS
    if (first) said.current.step = step
    if (first || said.current.step === step || tooSoon) return
    said.current = { step, at: now }
    announce(stepSentence(session.trace, step))
  }, [step, playing, speed])
}
