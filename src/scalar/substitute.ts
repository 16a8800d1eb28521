/** Formulas put into formulas. */
import type { Scalar } from './expression.ts'
import { fold } from './fold.ts'

/** The formula with other formulas in the place of arguments; those without a replacement stay. */
export const substitute = (s: Scalar, by: Readonly<Record<string, Scalar>>): Scalar =>
  fold<Scalar>(s, (node, of) => {
    if (node.is === 'call') return { ...node, of }
    return node.is === 'arg' ? (by[node.name] ?? node) : node
  })
