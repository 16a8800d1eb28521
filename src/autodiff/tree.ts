/** Nested arrays and objects of tensors, taken apart into a list of tensors and put together again. */
import { ArgumentError } from '../errors/index.ts'
import { Tensor } from '../tensor/index.ts'

/** Any nesting of arrays and plain objects whose leaves are tensors; other leaves are carried along untouched. */
export type Tree = unknown

export interface Flat {
  readonly leaves: Tensor[]
  /** Where each leaf stands: `.0.weight`. */
  readonly paths: string[]
  /** The same nesting around other leaves. */
  rebuild(leaves: readonly unknown[]): Tree
}

export function flatten(tree: Tree): Flat {
  const found: [string, Tensor][] = []
  collect(tree, '', found, [])
  return {
    leaves: found.map(([, leaf]) => leaf),
    paths: found.map(([path]) => path),
    rebuild: (replaced) => {
      let next = 0
      return map(tree, () => replaced[next++])
    },
  }
}

/** Deeper nesting than this is a mistake, and would end as an overflow of the stack. */
const DEEPEST = 500

function collect(tree: Tree, path: string, found: [string, Tensor][], above: readonly object[]): void {
  if (tree instanceof Tensor) found.push([path, tree])
  else if (isNode(tree)) {
    if (above.includes(tree)) throw new ArgumentError(`a nested argument contains itself at '${path}'`)
    if (above.length > DEEPEST) throw new ArgumentError(`an argument is nested deeper than ${DEEPEST} levels`)
    for (const [key, child] of Object.entries(tree)) collect(child, `${path}.${key}`, found, [...above, tree])
  }
}

const isNode = (tree: Tree): tree is object =>
  Array.isArray(tree) || (typeof tree === 'object' && tree !== null && isPlain(Object.getPrototypeOf(tree)))

const isPlain = (prototype: unknown): boolean => prototype === Object.prototype || prototype === null

function map(tree: Tree, leaf: (x: Tensor) => unknown): Tree {
  if (tree instanceof Tensor) return leaf(tree)
  if (Array.isArray(tree)) return tree.map((child) => map(child, leaf))
  if (!isNode(tree)) return tree
  return Object.fromEntries(Object.entries(tree).map(([key, child]) => [key, map(child, leaf)]))
}

/** The leaves of a tree that is nested like another one, in the order of that: tangents for primals, cotangents for outputs. */
export function matching(name: string, what: string, tree: Tree, like: Flat): Tensor[] {
  const { leaves, paths } = flatten(tree)
  const given = new Map(paths.map((path, i) => [path, leaves[i]]))
  const missing = like.paths.find((path) => !given.has(path))
  const extra = paths.find((path) => !like.paths.includes(path))
  if (missing === undefined && extra === undefined) return like.paths.map((path) => given.get(path)!)
  const place = (path: string) => (path === '' ? 'a single tensor' : `an entry at '${path.slice(1)}'`)
  const wrong = missing === undefined ? `${place(extra!)} belongs to nothing` : `${place(missing)} is missing`
  throw new ArgumentError(`${name}: ${what} must be nested like the values they belong to: ${wrong}`)
}
