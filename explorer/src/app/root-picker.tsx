/** Which result gradients are of, where a program calls backward more than once or from several results. */
import type { Trace } from 'chainrule/explain'
import { seekCall, update, useExplorer } from '../model/store.ts'

interface Root {
  readonly call: number
  readonly node: number
  readonly label: string
}

function rootsOf({ calls, nodes }: Trace): readonly Root[] {
  return calls.flatMap(({ roots }, call) =>
    roots
      .filter((node) => node !== null)
      .map((node) => ({ call, node, label: `${nodes[node].name}${calls.length > 1 ? `, call ${call + 1}` : ''}` })),
  )
}

export function RootPicker({ trace }: { trace: Trace }) {
  const root = useExplorer((state) => state.root)
  const call = useExplorer((state) => trace.steps[state.step]?.call ?? 0)
  const roots = rootsOf(trace)
  if (roots.length < 2) return null
  const own = roots.findIndex((one) => one.call === call && one.node === root?.node)
  const chosen = own < 0 ? roots.findIndex((one) => one.call === call) : own
  const choose = ({ node, call }: Root) => {
    update({ root: { node, index: 0 } })
    seekCall(call)
  }
  return (
    <label className="root-picker">
      gradients of{' '}
      <select value={chosen} onChange={(event) => choose(roots[Number(event.target.value)])}>
        {roots.map(({ label }, i) => (
          <option key={label} value={i}>
            {label}
          </option>
        ))}
      </select>
    </label>
  )
}
