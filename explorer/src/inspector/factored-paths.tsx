/** The tree of paths: a line per stretch without a fork, the sum of what lies below beside it. */
import type { ExplanationJson } from 'chainrule/explain'
import { Num } from '../ui/index.ts'
import { FactorChain } from './chain.tsx'
import { type Branch, factored, stretch } from './factored.ts'

export function FactoredPaths({ explanation }: { explanation: ExplanationJson }) {
  const top = factored(explanation)
  return (
    <>
      <p>What paths have in common is multiplied once. Backward does just that, from the output down.</p>
      <ul className="factored">
        {top.inside.map((branch, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: branches are in the order of the paths
          <Twig key={i} branch={branch} />
        ))}
      </ul>
    </>
  )
}

function Twig({ branch }: { branch: Branch }) {
  const all = stretch(branch)
  const { inside } = all[all.length - 1]
  return (
    <li>
      <FactorChain factors={all.flatMap(({ factor }) => (factor ? [factor] : []))} />
      {inside.length > 0 && (
        <>
          <span className="factored-times">times the sum of</span>
          <ul className="factored">
            {inside.map((inner, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: branches are in the order of the paths
              <Twig key={i} branch={inner} />
            ))}
          </ul>
        </>
      )}
      <span>
        = <Num value={branch.total} />
      </span>
    </li>
  )
}
