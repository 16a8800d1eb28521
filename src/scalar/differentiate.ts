/**
 * The chain rule: d f(u, v) = f_u du + f_v dv, from the leaves up, each sub-expression once. A term whose partial or
 * tangent is the constant 0 is dropped, which is what "does not depend" means; nothing else is approximated.
 */

import { c, type Scalar } from './expression.ts'
import { fold } from './fold.ts'
import { intrinsics } from './intrinsics.ts'
import { isConst, type Simplifier, simplifier } from './simplify.ts'

/** d s / d name, simplified. */
export function differentiate(s: Scalar, name: string): Scalar {
  const simpler = simplifier()
  return fold<Scalar>(simpler.simplify(s), (node, tangents) => {
    if (node.is === 'const') return c(0)
    if (node.is === 'arg') return c(node.name === name ? 1 : 0)
    if (tangents.every((t) => isConst(t, 0))) return c(0)
    const rule = intrinsics[node.fn]
    if (rule.chain !== undefined) return simpler.simplify(rule.chain(node.of, tangents))
    return weightedSum(simpler, rule.partials(...node.of), tangents)
  })
}

/** Sum of partial times tangent, over the terms that are not constantly 0. */
function weightedSum({ build, simplify }: Simplifier, partials: Scalar[], tangents: Scalar[]): Scalar {
  let sum: Scalar | undefined
  for (const [i, tangent] of tangents.entries()) {
    const partial = isConst(tangent, 0) ? tangent : simplify(partials[i])
    if (isConst(partial, 0)) continue
    const term = build('mul', partial, tangent)
    sum = sum === undefined ? term : build('add', sum, term)
  }
  return sum ?? c(0)
}
