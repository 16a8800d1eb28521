/**
 * A formula's value by walking its tree: the plain definition that compiled code must equal, and what an explanation
 * runs on one element. Never use it per element of a tensor; that is what `compile.ts` is for.
 */

import { ArgumentError } from '../errors/argument-error.ts'
import type { Scalar } from './expression.ts'
import { fold } from './fold.ts'
import { intrinsics } from './intrinsics.ts'

export function evaluate(s: Scalar, env: Readonly<Record<string, number>>): number {
  return fold<number>(s, (node, children) => {
    if (node.is === 'const') return node.value
    if (node.is === 'call') return intrinsics[node.fn].value(...children)
    const value = env[node.name]
    if (value === undefined) throw new ArgumentError(`evaluate: no value for the argument '${node.name}'`)
    return value
  })
}
