/** What is known of the selected value. The reader chooses it in the graph, in the table or by search. */
import type { ReactElement } from 'react'
import { indexText } from '../graph/shapes.ts'
import type { Element, Session } from '../model/session.ts'
import { callOf, type Known, knownAt } from '../model/steps.ts'
import { type Tab, update, useExplorer } from '../model/store.ts'
import { Tabs } from '../ui/index.ts'
import { DerivationTab } from './derivation.tsx'
import { ElementPicker } from './element-picker.tsx'
import './inspector.css'
import { NodeTab } from './node-tab.tsx'
import { PathsTab } from './paths.tsx'
import { RawTab } from './raw.tsx'
import { rootOf } from './terms.ts'

const TABS: readonly { readonly id: Tab; readonly label: string }[] = [
  { id: 'derivation', label: 'Derivation' },
  { id: 'paths', label: 'Paths' },
  { id: 'node', label: 'Node' },
  { id: 'json', label: 'Raw JSON' },
]

/** What every tab is given. */
export interface TabProps {
  readonly session: Session
  readonly known: Known
  readonly step: number
  readonly root: Element
  readonly element: Element
}

const BODIES: Readonly<Record<Tab, (props: TabProps) => ReactElement>> = {
  derivation: DerivationTab,
  paths: PathsTab,
  node: NodeTab,
  json: RawTab,
}

export function Inspector() {
  const session = useExplorer((state) => state.session)
  const step = useExplorer((state) => state.step)
  const selected = useExplorer((state) => state.selected)
  const root = useExplorer((state) => state.root)
  const tab = useExplorer((state) => state.tab)
  const node = session && selected ? session.trace.nodes[selected.node] : undefined
  if (!session || !selected || !node)
    return (
      <div className="inspector">
        <p className="inspector-empty">
          Select a value, in the graph or in the table, to see where its gradient comes from.
        </p>
      </div>
    )
  const known = knownAt(session.trace, step)
  const Body = BODIES[tab]
  const props = { session, known, step, root: rootOf(session.trace, root, callOf(known)), element: selected }
  return (
    <div className="inspector">
      <h2 className="inspector-title">
        {node.name}
        {indexText(node.value.shape, selected.index)}
        {node.op !== null && <span className="inspector-op"> {node.op}</span>}
      </h2>
      {node.value.shape.length > 0 && <ElementPicker node={node} index={selected.index} />}
      <Tabs
        id="inspector"
        label="About the selected value"
        items={TABS}
        chosen={tab}
        onChoose={(id) => update({ tab: id })}
      />
      <div className="inspector-body" role="tabpanel" id="inspector-panel" aria-labelledby={`inspector-${tab}`}>
        <Body key={selected.node} {...props} />
      </div>
    </div>
  )
}
