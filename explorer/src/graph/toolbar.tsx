/** Above the canvas: search, what to show, how near, and saving. Below it the scopes around the selection. */
import type { Trace } from 'chainrule/explain'
import { callOf, type Known } from '../model/steps.ts'
import { update, useExplorer } from '../model/store.ts'
import { Button } from '../ui/index.ts'
import { ExportMenu } from './export-menu.tsx'
import type { Placed } from './placed.ts'
import type { Filter } from './related.ts'
import { SearchBox } from './search-box.tsx'
import { scopeKey, structureOf } from './structure.ts'
import { ALL, MOST, partsOf, toggled } from './visible.ts'
import { type Camera, ZOOM_STEP } from './zoom.ts'

interface ToolbarProps {
  readonly trace: Trace
  readonly known: Known
  readonly camera: Camera
  readonly placed: Placed | null
  readonly filter: Filter
  readonly onFilter: (filter: Filter) => void
}

const FILTERS: readonly { readonly id: Filter; readonly label: string }[] = [
  { id: 'all', label: 'All nodes' },
  { id: 'parameters', label: 'Only parameters' },
  { id: 'path', label: 'Only paths through the selection' },
]

export function Toolbar({ trace, known, camera, placed, filter, onFilter }: ToolbarProps) {
  const layout = placed?.layout
  return (
    <div className="graph-tools">
      <SearchBox trace={trace} call={callOf(known)} />
      <select aria-label="Show" value={filter} onChange={(event) => onFilter(event.target.value as Filter)}>
        {FILTERS.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
      <span className="graph-buttons">
        <Button says="Zoom out (−)" onClick={() => camera.by(1 / ZOOM_STEP)}>
          −
        </Button>
        <Button says="Zoom in (+)" onClick={() => camera.by(ZOOM_STEP)}>
          +
        </Button>
        <Button says="Fit the whole graph (f)" onClick={() => layout && camera.fit(layout.width, layout.height)}>
          Fit
        </Button>
      </span>
      <Parts trace={trace} />
      <ExportMenu trace={trace} known={known} placed={placed} />
      <Crumbs trace={trace} />
    </div>
  )
}

function Parts({ trace }: { trace: Trace }) {
  const structure = structureOf(trace)
  const hasParts = partsOf(structure).length > 0 || structure.picture.nodes.length > MOST
  if (!hasParts) return null
  return (
    <span className="graph-buttons">
      <Button onClick={() => update({ open: [ALL] })}>Expand all</Button>
      <Button onClick={() => update({ open: [] })}>Collapse all</Button>
    </span>
  )
}

/** The scopes around the selected value; a click closes one. */
function Crumbs({ trace }: { trace: Trace }) {
  const selected = useExplorer((state) => state.selected)
  const open = useExplorer((state) => state.open)
  const scope = selected ? (trace.nodes[selected.node]?.scope ?? []) : []
  if (scope.length === 0) return null
  return (
    <nav className="graph-crumbs" aria-label="Scopes of the selected value">
      {scope.map((name, d) => {
        const part = scopeKey(scope.slice(0, d + 1))
        return (
          <Button
            key={part}
            tone="quiet"
            says={`Open or close ${scope.slice(0, d + 1).join(' / ')}`}
            onClick={() => update({ open: toggled(structureOf(trace), open, part) })}
          >
            {name}
          </Button>
        )
      })}
    </nav>
  )
}
