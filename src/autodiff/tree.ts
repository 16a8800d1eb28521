/** Nested arrays and objects of tensors, taken apart into a list of tensors and put together again. */
import { ArgumentError } from '../errors/index.ts'
import { Tensor } from '../tensor/index.ts'

/** Any nesting of arrays and plain objects whose leaves are tensors; other leaves are carried along untouched. */
export type Tree = unknown

export interface Flat {
  readonly leaves: Tensor[]
  /** The same nesting around other leaves. */
  rebuild(leaves: readonly unknown[]): Tree
}

export function flatten(tree: Tree): Flat {
  const leaves: Tensor[] = []
  collect(tree, leaves)
  return {
    leaves,
    rebuild: (replaced) => {
      let next = 0
      return map(tree, () => replaced[next++])
    },
  }
}

function collect(tree: Tree, leaves: Tensor[]): void {
  if (tree instanceof Tensor) leaves.push(tree)
  else if (isNode(tree)) for (const child of Object.values(tree)) collect(child, leaves)
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

/** The same nesting with every tensor replaced. */
export const mapTree = map

/** The leaves of a tree that must have the same nesting as another one: tangents for primals, cotangents for outputs. */
export function matching(name: string, what: string, tree: Tree, like: Flat): Tensor[] {
  const { leaves } = flatten(tree)
  if (leaves.length !== like.leaves.length) {
    throw new ArgumentError(
      `${name}: ${what} must be nested like the values they belong to: ${like.leaves.length} tensors, got ${leaves.length}`,
    )
  }
  return leaves
}
