/** Gradients of leaves add up over calls of backward; what is derived beside it is the share of one call. */
import { callOf } from '../model/steps.ts'
import { Num } from '../ui/index.ts'
import { showNumber } from '../ui/show-number.ts'
import type { TabProps } from './inspector.tsx'
import { arrivals } from './terms.ts'

/** So many calls are spelled out. */
const MOST = 4

export function Accumulated({ session: { trace }, known, element }: TabProps) {
  const call = callOf(known)
  const all = known.call === null ? null : arrivals(trace, element, call)
  if (!all || !known.gradient(trace.nodes[element.node])) return null
  const shown = all.length > MOST ? ['…', ...all.slice(-MOST).map(showNumber)] : all.map(showNumber)
  return (
    <p className="accumulated" data-role="accumulated">
      <span className="badge">accumulated ×{all.length} backward calls</span> This is call {call + 1} of{' '}
      {trace.calls.length}. <code>.grad</code> adds them up: {shown.join(' + ')} ={' '}
      <Num value={all.reduce((sum, x) => sum + x, 0)} />, unless it was cleared in between.
    </p>
  )
}
