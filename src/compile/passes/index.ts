/**
 * What is done to a graph before it is planned: rewrites that keep every number, each in a file of its own. One makes
 * room for another (a number found makes an identity, an identity a common subexpression), so they run in turns until
 * nothing changes.
 */
import type { Graph } from '../graph/graph.ts'
import { commonSubexpressions } from './common-subexpressions.ts'
import { constants } from './constants.ts'
import { outputOrder, singleLetters } from './contractions.ts'
import { deadCode, dropNodes } from './dead-code.ts'
import { identities } from './identities.ts'
import { order } from './order.ts'
import { scatters } from './scatters.ts'
import { writes } from './writes.ts'

export { commonSubexpressions, constants, deadCode, identities, order, outputOrder, scatters, singleLetters, writes }

export type Pass = (graph: Graph) => Graph

const rounds: readonly Pass[] = [constants, identities, writes, commonSubexpressions, outputOrder, dropNodes]

/** Turns are few: each drops at least one node, and two or three suffice for what people write. */
const TURNS = 8

/** The same function with less to do. */
export function optimise(graph: Graph): Graph {
  let best = dropNodes(graph)
  for (let turn = 0; turn < TURNS; turn++) {
    const next = rounds.reduce((g, pass) => pass(g), best)
    const settled = next.nodes.length === best.nodes.length
    best = next
    if (settled) break
  }
  return [scatters, writes, singleLetters, commonSubexpressions, deadCode, order].reduce((g, pass) => pass(g), best)
}
