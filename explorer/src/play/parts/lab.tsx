/** An experiment: what can be set on the left, what the library found on the right. */
import { type ReactNode, useEffect } from 'react'
import { useExplorer } from '../../model/store.ts'
import { toast } from '../../ui/toast.ts'
import { labInputs } from '../labs/settings.ts'
import { about } from '../texts.ts'
import { damageOfChoice } from './program.ts'
import '../play.css'
import '../labs/labs.css'

interface LabProps {
  /** Of its view. */
  readonly path: string
  readonly controls: ReactNode
  readonly children: ReactNode
  /** What is shown is of other settings, and the new findings are on their way. */
  readonly isStale?: boolean
}

export function Lab({ path, controls, children, isStale = false }: LabProps) {
  useEffect(() => {
    const { inputs } = useExplorer.getState()
    const damages = (labInputs[path] ?? []).flatMap((it) => ('options' in it ? damageOfChoice(it, inputs) : []))
    for (const text of damages) toast('warning', text)
  }, [path])
  return (
    <div className="lab">
      <section className="lab-controls" aria-label="Controls">
        <p className="about">{about[path]}</p>
        {controls}
      </section>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="lab-findings" aria-label="Findings" tabIndex={0} aria-busy={isStale}>
        <div className={isStale ? 'lab-found stale' : 'lab-found'}>{children}</div>
      </section>
    </div>
  )
}

/** What a lab says when the library refuses its settings. */
export const Refusal = ({ why }: { why: string }) => (
  <p className="note note-bad" role="alert">
    {why}
  </p>
)

/** Before the first findings. */
export const Computing = () => (
  <p className="hint" role="status">
    Computing …
  </p>
)
