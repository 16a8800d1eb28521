/**
 * The bench every program is looked at on: its controls, the graph or table, what is known of the selection, and the
 * player below. Where there is no room for three panes they are tabs.
 */
import { type ComponentType, lazy, type ReactNode, Suspense, useEffect, useId, useLayoutEffect, useState } from 'react'
import { Alone, isAlone } from '../code/script/alone.tsx'
import { SCRIPT, useConnection } from '../code/script/connection.ts'
import { GraphPane } from '../graph/index.ts'
import { type Shape, update, useExplorer } from '../model/store.ts'
import { Player } from '../player/index.ts'
import { type TabItem, Tabs } from '../ui/index.ts'
import { rest } from '../ui/rest.ts'
import { NARROW, useMedia } from '../ui/use-media.ts'
import { useRoute } from '../url/index.ts'
import { Empty } from './empty.tsx'
import { Notice } from './notice.tsx'
import { type Beside, bring, usePanes } from './panes.ts'
import { RootPicker } from './root-picker.tsx'
import { Splitter, usePaneWidth } from './splitter.tsx'
import { viewAt } from './views.ts'

const table = () => import('../table/index.ts')
const TableView = lazy(async () => ({ default: (await table()).TableView }))

interface WorkbenchProps {
  /** What the reader moves: sliders, bits, an editor. */
  readonly controls: ReactNode
  /** Two sentences: what is seen here, and what to look at. */
  readonly about: ReactNode
  /** Stands below the explanation, or below the controls where panes are tabs. */
  readonly beside?: ReactNode
}

export function Workbench({ controls, about, beside }: WorkbenchProps) {
  const narrow = useMedia(NARROW)
  const left = (
    <div className="bench-controls">
      <h2 className="for-ear">Controls</h2>
      <div className="about">{about}</div>
      {controls}
      {narrow && beside}
    </div>
  )
  return (
    <div className={narrow ? 'bench bench-narrow' : 'bench'}>
      <Notice />
      {narrow ? <Tabbed left={left} /> : <Paned left={left} beside={beside} />}
      <Player />
    </div>
  )
}

function Paned({ left, beside }: { left: ReactNode; beside: ReactNode }) {
  const [leftWidth, setLeft] = usePaneWidth('controls', 300)
  const [rightWidth, setRight] = usePaneWidth('inspector', 400)
  return (
    <div className="bench-panes">
      <section className="pane" style={{ width: leftWidth }} aria-label="Controls">
        {left}
      </section>
      <Splitter label="width of the controls" width={leftWidth} onChange={setLeft} side="left" />
      <Centre />
      <Splitter label="width of the explanation" width={rightWidth} onChange={setRight} side="right" />
      <section className="pane" style={{ width: rightWidth }} aria-label="Explanation">
        <Explanation />
        {beside}
      </section>
    </div>
  )
}

type Part = Beside | Shape

const PARTS: readonly TabItem<Part>[] = [
  { id: 'graph', label: 'Graph' },
  { id: 'table', label: 'Table' },
  { id: 'explanation', label: 'Explanation' },
]

function Tabbed({ left }: { left: ReactNode }) {
  const shape = useExplorer((state) => state.shape)
  const opens = useRoute(({ path }) => viewAt(path)?.opens)
  const beside = usePanes((panes) => panes.beside)
  useLayoutEffect(() => bring(opens ?? null), [opens])
  const id = useId()
  const items: readonly TabItem<Part>[] = [{ id: 'controls', label: opens ? 'Story' : 'Controls' }, ...PARTS]
  const part = beside ?? shape
  const choose = (next: Part) => {
    if (next === 'graph' || next === 'table') update({ shape: next })
    bring(next === 'graph' || next === 'table' ? null : next)
  }
  return (
    <>
      <Tabs id={id} label="Panes" items={items} chosen={part} onChoose={choose} />
      <div className="bench-tab" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${part}`}>
        {/* The controls stay: they are what makes the program. */}
        <div hidden={part !== 'controls'}>{left}</div>
        {beside === null && <Centre />}
        {part === 'explanation' && <Explanation isAsked />}
      </div>
    </>
  )
}

/** Once it has been loaded, it is there at once. */
let loaded: ComponentType | null = null

/**
 * Beside the graph, which comes first, or by itself where the reader asked for it. Nothing may wait for this: React would
 * hold back all of the bench that is new with it.
 */
function Explanation({ isAsked = false }: { isAsked?: boolean }) {
  const [Inspector, setInspector] = useState<ComponentType | null>(() => loaded)
  useEffect(() => {
    if (Inspector) return
    const turn = isAsked ? Promise.resolve() : rest()
    turn
      .then(() => Promise.all([import('../inspector/index.ts'), table()]))
      .then(([{ Inspector }]) => {
        loaded = Inspector
        setInspector(() => Inspector)
      })
  }, [Inspector, isAsked])
  return Inspector && <Inspector />
}

function Centre() {
  const shape = useExplorer((state) => state.shape)
  const trace = useExplorer((state) => state.session?.trace)
  return (
    <section className="centre" aria-label="Program">
      {trace && <RootPicker trace={trace} />}
      <Suspense fallback={null}>
        {!trace ? (
          <Waiting />
        ) : trace.nodes.length === 0 ? (
          <Empty unrecorded={trace.unrecorded} />
        ) : shape === 'graph' ? (
          <GraphPane />
        ) : (
          <TableView />
        )}
      </Suspense>
    </section>
  )
}

function Waiting() {
  const alone = useConnection(isAlone)
  const isScript = useRoute(({ path }) => path === SCRIPT)
  if (isScript && alone) return <Alone />
  return (
    <div className="waiting" role="status">
      <span className="waiting-box" />
      <span className="waiting-box" />
      <span className="waiting-box" />
      <span>Nothing is traced yet.</span>
    </div>
  )
}
