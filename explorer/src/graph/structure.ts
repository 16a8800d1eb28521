/**
 * What of a trace can be drawn and never moves: its values as nodes, its argument slots as edges. Numbers are left out, so
 * that the same program with other numbers has the same structure, and the same layout.
 */
import type { Picture, PictureEdge, PictureNode, Role, Trace, TraceNode } from 'chainrule/explain'
import { ROOM, shapeText, sizeOf } from './shapes.ts'

export interface Structure {
  /** Two traces of one structure have the same key. */
  readonly key: string
  readonly picture: Picture
}

/** A scope in an address: names by slashes. */
export const scopeKey = (path: readonly string[]): string => path.map(encodeURIComponent).join('/')

const known = new WeakMap<Trace, Structure>()
let latest: Structure | null = null

/** The same object for every trace of the same structure in a row. */
export function structureOf(trace: Trace): Structure {
  const before = known.get(trace)
  if (before) return before
  const key = keyOf(trace)
  if (latest?.key !== key) latest = { key, picture: pictureOf(trace) }
  known.set(trace, latest)
  return latest
}

const keyOf = ({ title, nodes, calls }: Trace): string =>
  JSON.stringify([
    title,
    calls.map(({ roots }) => roots),
    nodes.map(({ name, op, kind, scope, inputs, value, requiresGrad }) => [
      name,
      op ?? kind,
      scope,
      inputs.map((x) => ('node' in x ? x.node : null)),
      value.shape,
      requiresGrad,
    ]),
  ])

export function pictureOf(trace: Trace): Picture {
  const roots = new Set(trace.calls.flatMap((call) => call.roots))
  return {
    title: trace.title,
    nodes: trace.nodes.map((node) => pictureNode(node, roots.has(node.id))),
    edges: trace.nodes.flatMap(edgesInto),
  }
}

/** `v3 · add [1, 3]`. */
function titleOf({ name, op, value: { shape } }: TraceNode): string {
  const what = op === null ? name : `${name} · ${op}`
  return shape.length > 0 ? `${what} ${shapeText(shape)}` : what
}

/** Lines hold the room for numbers, not the numbers. */
function pictureNode(node: TraceNode, isRoot: boolean): PictureNode {
  const room = '0'.repeat(sizeOf(node.value.shape) === 1 ? ROOM.one : ROOM.many)
  const lines = [`value ${room}`]
  if (node.requiresGrad) lines.push(`grad ${room}`)
  return { id: String(node.id), title: titleOf(node), lines, scope: node.scope, role: roleOf(node, isRoot) }
}

const roleOf = ({ kind }: TraceNode, isRoot: boolean): Role => (kind !== 'result' ? kind : isRoot ? 'output' : 'op')

/** Of an application with several results, the first one has the slots. */
function edgesInto(node: TraceNode): PictureEdge[] {
  return node.inputs.flatMap((x, slot) =>
    'node' in x ? [{ from: String(x.node), to: String(node.id), slot, label: ' '.repeat(11), below: ' ' }] : [],
  )
}
