/**
 * What is to be seen of a structure: closed scopes are one node each, a run of like neighbours is one node ×N, and what is
 * still too much is cut into sections. Folding itself is the library's `collapse`: it keeps the graph free of cycles.
 */
import { collapse, type Picture, type PictureNode } from 'chainrule/explain/draw'
import { type Repeats, repeatsOf } from './repeats.ts'
import { type Structure, scopeKey } from './structure.ts'

/** More nodes than this open closed. */
export const MOST = 400

/** In the list of open parts: all of them. */
export const ALL = '*'

export interface Visible {
  readonly picture: Picture
  /** The visible node in which a node of the trace is. */
  readonly nodeOf: ReadonlyMap<string, PictureNode>
  /** What to open in order to see what is in a visible node. */
  readonly partOf: ReadonlyMap<string, string>
}

const SECTION = /^section (\d+) of \d+$/

/** The part that a box of the layout stands for. */
export function partOfBox(path: readonly string[]): string {
  const section = SECTION.exec(path[0])
  if (!section) return scopeKey(path)
  return path.length === 1 ? `§${section[1]}` : scopeKey(path.slice(1))
}

const listed = new WeakMap<Picture, readonly string[]>()

/** Every part that can be opened or closed but the sections, the outer ones first. */
export function partsOf({ picture }: Structure): readonly string[] {
  const before = listed.get(picture)
  if (before) return before
  const keys = new Set<string>()
  for (const { scope } of picture.nodes) for (let d = 1; d <= scope.length; d++) keys.add(scopeKey(scope.slice(0, d)))
  const all = [...keys, ...repeatsOf(picture).keys]
  listed.set(picture, all)
  return all
}

/** What is open where nobody has chosen: everything, unless that is too much. */
export const chosen = ({ picture }: Structure, open: readonly string[] | null): readonly string[] =>
  open ?? (picture.nodes.length > MOST ? [] : [ALL])

/** The list of open parts after one was opened or closed. */
export function toggled(structure: Structure, open: readonly string[] | null, part: string): string[] {
  const now = chosen(structure, open)
  const all = now.includes(ALL) ? partsOf(structure) : now
  return all.includes(part) ? all.filter((key) => key !== part) : [...all, part]
}

export function visibleOf(structure: Structure, open: readonly string[] | null): Visible {
  const now = new Set(chosen(structure, open))
  if (now.has(ALL)) return visible(structure.picture, new Map())
  const repeats = repeatsOf(structure.picture)
  const { picture, parts } = foldBy(structure.picture, ({ scope }) => closedPart(scope, now, repeats))
  return picture.nodes.length > MOST ? sectioned(picture, parts, now) : visible(picture, parts)
}

interface Part {
  readonly key: string
  readonly title: string
  readonly scope: readonly string[]
}

/** The outermost closed scope, or the run of like scopes that it belongs to. */
function closedPart(scope: readonly string[], open: ReadonlySet<string>, repeats: Repeats): Part | null {
  for (let d = 1; d <= scope.length; d++) {
    const key = scopeKey(scope.slice(0, d))
    if (open.has(key)) continue
    const run = repeats.of.get(key)
    const isRun = run && !open.has(run.key)
    return { key: isRun ? run.key : key, title: isRun ? run.title : scope[d - 1], scope: scope.slice(0, d - 1) }
  }
  return null
}

interface Folded {
  readonly picture: Picture
  readonly parts: ReadonlyMap<string, string>
}

/** The nodes of one part become one node, or one per visit where the computation comes back to it. */
function foldBy(picture: Picture, partOf: (node: PictureNode) => Part | null): Folded {
  const found = picture.nodes.map(partOf)
  const byKey = new Map(found.flatMap((part) => (part ? [[part.key, part] as const] : [])))
  if (byKey.size === 0 || picture.nodes.length < 2) return { picture, parts: new Map() }
  const flat = picture.nodes.map((node, i) => ({ ...node, scope: found[i] ? [found[i].key] : [] }))
  const folded = collapse({ ...picture, nodes: flat }, { maxNodes: picture.nodes.length - 1 })
  const own = new Map(picture.nodes.map((node) => [node.id, node]))
  const parts = new Map<string, string>()
  const nodes = folded.nodes.map((node): PictureNode => {
    const whole = own.get(node.id)
    if (whole) return whole
    const key = [...byKey.keys()].find((k) => node.title === k || node.title.startsWith(`${k} (`))
    if (key === undefined) return node
    const { title, scope } = byKey.get(key)!
    parts.set(node.id, key)
    return { ...node, title: title + node.title.slice(key.length), scope }
  })
  return { picture: { ...folded, nodes }, parts }
}

/** Sections of the order of computation; those that are open have a box of their own. */
function sectioned(picture: Picture, parts: ReadonlyMap<string, string>, open: ReadonlySet<string>): Visible {
  const flat = picture.nodes.map((node): PictureNode => ({ ...node, scope: [], members: undefined }))
  const cut = collapse({ ...picture, nodes: flat }, { maxNodes: MOST })
  const sectionOf = new Map<string, string>()
  for (const { title, members = [] } of cut.nodes) for (const id of members) sectionOf.set(id, title)
  const isOpen = (title: string) => open.has(`§${SECTION.exec(title)![1]}`)
  const prepared = picture.nodes.map((node): PictureNode => {
    const title = sectionOf.get(node.id)
    return title && isOpen(title) ? { ...node, scope: [title, ...node.scope] } : node
  })
  const folded = foldBy({ ...picture, nodes: prepared }, ({ id }) => {
    const title = sectionOf.get(id)
    return title && !isOpen(title) ? { key: `§${SECTION.exec(title)![1]}`, title, scope: [] } : null
  })
  return visible(folded.picture, new Map([...parts, ...folded.parts]))
}

function visible(picture: Picture, partOf: ReadonlyMap<string, string>): Visible {
  const nodeOf = new Map<string, PictureNode>()
  for (const node of picture.nodes) for (const id of node.members ?? [node.id]) nodeOf.set(id, node)
  return { picture, nodeOf, partOf }
}
