/** An experiment: what can be set on the left, what the library found on the right. */
import type { ReactNode } from 'react'
import '../play.css'
import '../labs/labs.css'

export function Lab({ about, controls, children }: { about: string; controls: ReactNode; children: ReactNode }) {
  return (
    <div className="lab">
      <section className="lab-controls" aria-label="Controls">
        <p className="about">{about}</p>
        {controls}
      </section>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="lab-findings" aria-label="Findings" tabIndex={0}>
        {children}
      </section>
    </div>
  )
}

/** What a lab says when the library refuses its settings. */
export const Refusal = ({ error }: { error: unknown }) => (
  <p className="note note-bad" role="alert">
    {error instanceof Error ? error.message : String(error)}
  </p>
)
