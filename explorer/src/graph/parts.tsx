/** The parts of the picture that are in sight. They do not know the camera: while it moves, nothing here is asked again. */
import type { Trace } from 'chainrule/explain'
import type { PlacedScope } from 'chainrule/explain/draw'
import { memo, useMemo } from 'react'
import { callOf, type Known } from '../model/steps.ts'
import { GraphEdge } from './edge.tsx'
import { Far } from './far.tsx'
import { point } from './hot.ts'
import { edgeNumbers, largestContribution, nodeNumbers, slotKey, slotsOf, usesOf } from './live.ts'
import { GraphNode } from './node.tsx'
import type { Placed } from './placed.ts'
import { ScopeBox, ScopeCaption } from './scope-box.tsx'
import { isIn, nodesIn, type Sight, stretchesOf } from './sight.ts'
import { overlap } from './zoom.ts'

interface PartsProps {
  readonly placed: Placed
  readonly sight: Sight
  readonly trace: Trace
  readonly known: Known
  /** The visible node that is selected, and the edge of it that the reader walks along. */
  readonly selected: string | null
  readonly edge: number | null
  readonly strong: ReadonlySet<number> | null
}

export const edgeId = (e: number): string => `graph-edge-${e}`

export const Parts = memo(function Parts(props: PartsProps) {
  const { placed, sight } = props
  const { layout } = placed
  const drawn = useMemo(() => nodesIn(layout, sight), [layout, sight])
  const scopes = useMemo(() => layout.scopes.filter((box) => overlap(box, sight.box)), [layout, sight])
  return (
    <>
      {scopes.map((box) => (
        <ScopeBox key={keyOf(box)} box={box} />
      ))}
      {drawn === null && <Far {...props} scale={sight.scale} />}
      <Edges {...props} only={drawn === null ? props.edge : undefined} />
      <Nodes {...props} drawn={drawn} />
      {scopes.map((box) => (
        <ScopeCaption key={keyOf(box)} box={box} scale={sight.scale} near={sight.near} />
      ))}
    </>
  )
})

const keyOf = ({ path, instance }: PlacedScope): string => `${path.join('/')} ${instance}`

/** @param props.only the one edge that is drawn, if not all in sight are. */
function Edges({ placed, sight, trace, known, edge, strong, only }: PartsProps & { only: number | null | undefined }) {
  const { visible, layout, way } = placed
  // biome-ignore lint/correctness/useExhaustiveDependencies: slots depend on the structure of a trace alone
  const slots = useMemo(() => slotsOf(visible, trace), [visible])
  const stretches = useMemo(() => stretchesOf(layout), [layout])
  const call = callOf(known)
  const most = useMemo(() => largestContribution(trace, call), [trace, call])
  return visible.picture.edges.map((one, e) => {
    if (only === undefined ? !isIn(stretches[e], sight) && e !== edge : e !== only) return null
    const own = slots[e]
    return (
      <GraphEdge
        key={`${one.from} ${one.to} ${one.slot}`}
        id={edgeId(e)}
        edge={one}
        points={layout.edges[e]}
        numbers={edgeNumbers(own, one, trace, known, most)}
        slot={own.length === 1 ? slotKey(own[0]) : undefined}
        walked={e === edge}
        current={own.length === 1 && known.call !== null && known.current.has(own[0].node)}
        near={sight.near}
        faint={strong !== null && !own.some(({ node }) => strong.has(node))}
        way={way}
        onPoint={pointAt}
      />
    )
  })
}

function pointAt(slot: string | null): void {
  const [node, index] = slot?.split(':').map(Number) ?? []
  point(slot === null ? null : { node, slot: index })
}

/** @param props.drawn null where they are seen from afar; the selected one is drawn wherever it is: it has the focus. */
function Nodes(props: PartsProps & { drawn: ReadonlySet<number> | null }) {
  const { placed, sight, trace, known, selected, strong, drawn } = props
  const { visible, layout } = placed
  // biome-ignore lint/correctness/useExhaustiveDependencies: uses depend on the structure of a trace alone
  const uses = useMemo(() => usesOf(trace), [visible])
  return visible.picture.nodes.map((node, v) => {
    const isSelected = node.id === selected
    if (!isSelected && !drawn?.has(v)) return null
    return (
      <GraphNode
        key={node.id}
        node={node}
        box={layout.nodes[v]}
        numbers={nodeNumbers(node, trace, known, uses)}
        selected={isSelected}
        near={sight.near}
        faint={strong !== null && !(node.members ?? [node.id]).some((id) => strong.has(Number(id)))}
      />
    )
  })
}
