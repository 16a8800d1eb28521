/** What the library finds in the gradients of the latest steps: problems first, each with what to do. */
import type { Finding } from 'chainrule/explain'

const WORD = { problem: 'Problem', warning: 'Warning' } as const

export function Findings({ findings, steps }: { findings: readonly Finding[]; steps: number }) {
  return (
    <section className="findings" aria-label="Gradient flow">
      <h2>Gradient flow</h2>
      {findings.length === 0 ? (
        <p className="note">
          {steps === 0
            ? 'While the network learns, its gradients are watched: what vanishes, explodes, dies or saturates is told here.'
            : 'Nothing stands out: no gradient vanishes or explodes, no unit is dead, all values are finite.'}
        </p>
      ) : (
        <ul>
          {findings.map(({ severity, title, where, evidence, remedy }) => (
            <li key={`${title} ${evidence}`} className={`note note-${severity === 'problem' ? 'bad' : 'warning'}`}>
              <b>
                {WORD[severity]}: {title}
              </b>{' '}
              {where.layers && where.layers.length > 0 && (
                <span className="hint">in layer {where.layers.join(', ')}</span>
              )}
              <p>{evidence}</p>
              <p>{remedy}</p>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
