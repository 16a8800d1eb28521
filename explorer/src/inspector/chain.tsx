/** The factors of a path, one after the other. */
import type { FactorJson } from 'chainrule/explain'
import { Num } from '../ui/index.ts'

/** Longer chains are cut in the middle; their ends say where they start and lead. */
const ENDS = 5

export function FactorChain({ factors }: { factors: readonly FactorJson[] }) {
  const left = factors.length > 2 * ENDS ? factors.length - 2 * ENDS : 0
  const shown = left > 0 ? [...factors.slice(0, ENDS), ...factors.slice(-ENDS)] : factors
  if (factors.length === 0) return <span>the number itself: 1</span>
  return (
    <ol className="chain">
      {shown.map((factor, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a factor is its place in the chain
        <li key={i} title={`${factor.op}: ${factor.formula}`}>
          {left > 0 && i === ENDS && <span className="chain-left">… {left} more …</span>}
          <span className="chain-names">
            ∂{factor.of}/∂{factor.wrt}
          </span>{' '}
          <Num value={factor.value} />
        </li>
      ))}
    </ol>
  )
}
