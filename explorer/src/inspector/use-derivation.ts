/**
 * A derivation with what only the session can say: the local derivatives in symbols, and, where the trace does not tell
 * which elements of a reader use the number, one term for each of them.
 */
import type { ExplanationJson } from 'chainrule/explain'
import { useEffect, useMemo, useState } from 'react'
import { elementOf } from '../graph/numbers.ts'
import { sizeOf } from '../graph/shapes.ts'
import type { Element, Session } from '../model/session.ts'
import { abbreviated, addUp, type Derivation, derivationOf, partsOf, type Term } from './terms.ts'
import { QUIET_MS } from './use-settled.ts'

export interface Rule {
  readonly tex: string
  readonly text: string
}

/** By `termKey`. */
export type Rules = ReadonlyMap<string, Rule>

export interface Told {
  readonly derivation: Derivation
  readonly rules: Rules
}

const NONE: Rules = new Map()
/** Of a reader so many elements are asked, the likeliest first. */
const MOST_ASKED = 32

export const termKey = ({ consumer, slot, at }: Term): string => `${consumer.id}:${slot}:${at}`

export function useDerivation(session: Session, element: Element, call: number): Told {
  const { node, index } = element
  const plain = useMemo(() => derivationOf(session.trace, { node, index }, call), [session, node, index, call])
  const [answer, setAnswer] = useState<{ readonly question: string; readonly told: Told } | null>(null)
  const question = `${session.origin} ${node}.${index} ${call} ${abbreviated(plain.terms).shown.map(termKey)}`
  const isAgain = answer?.question === question
  // biome-ignore lint/correctness/useExhaustiveDependencies: the question and the session say what is asked
  useEffect(() => {
    let isWanted = true
    const ask = async () => {
      const told = await toldOf(session, element, plain, call)
      if (isWanted) setAnswer({ question, told })
    }
    // A slider that moves asks again when it rests.
    const later = setTimeout(() => void ask(), isAgain ? QUIET_MS : 0)
    return () => {
      isWanted = false
      clearTimeout(later)
    }
  }, [session, question])
  if (!isAgain) return { derivation: plain, rules: NONE }
  // Terms of elements came with their numbers, so that all of them are of one run.
  return plain.terms.some(({ at }) => at === null) ? answer.told : { derivation: plain, rules: answer.told.rules }
}

async function toldOf(session: Session, input: Element, plain: Derivation, call: number): Promise<Told> {
  const rules = new Map<string, Rule>()
  const ask = (term: Term, at: number) =>
    session.explain({ node: term.consumer.id, index: at }, input).catch(() => null)
  const split = await Promise.all(plain.terms.map((term) => splitOf(term, input, call, ask, rules)))
  const derivation = { ...plain, terms: split.flat() }
  await Promise.all(
    abbreviated(derivation.terms).shown.map(async (term) => {
      if (term.at === null || rules.has(termKey(term))) return
      const told = await ask(term, term.at)
      const rule = told && ruleIn(told, term.local)
      if (rule) rules.set(termKey(term), rule)
    }),
  )
  return { derivation, rules }
}

type Ask = (term: Term, at: number) => Promise<ExplanationJson | null>

/** A term for every element of the reader that uses the number; the term itself where those asked do not add up to it. */
async function splitOf(term: Term, input: Element, call: number, ask: Ask, rules: Map<string, Rule>): Promise<Term[]> {
  const { consumer, slot } = term
  const slots = consumer.inputs.filter((x) => 'node' in x && x.node === input.node)
  if (term.at !== null || slots.length !== 1) return [term]
  const asked = likeliest(term, call)
  const answers = await Promise.all(asked.map((at) => ask(term, at)))
  const readers = answers.flatMap((told, i) =>
    told && told.pathCount !== '0' ? [{ at: asked[i], local: Number(told.gradient), told }] : [],
  )
  const parts = withOthers(term, partsOf(consumer, slot, readers, call))
  if (!parts) return [term]
  for (const [i, { told, local }] of readers.entries()) {
    const rule = ruleIn(told, local)
    if (rule) rules.set(termKey(parts[i]), rule)
  }
  return parts
}

/** The parts with what is left, where it is known that so many are left; null where they are not what they should be. */
function withOthers(term: Term, parts: readonly Term[]): Term[] | null {
  const { readers, contribution } = term
  const others = (readers?.length ?? 0) - parts.length
  if (others <= 0) return addUp(parts, contribution)
  const sums = parts.map((part) => part.contribution)
  if (parts.length === 0 || contribution === null || sums.includes(null)) return null
  return [...parts, { ...term, others, contribution: sums.reduce((left: number, x) => left - x!, contribution) }]
}

/** What only moves numbers sends on what came; else those to which most came. */
function likeliest({ consumer, contribution, readers }: Term, call: number): number[] {
  const all = readers ? [...readers] : Array.from({ length: sizeOf(consumer.value.shape) }, (_, at) => at)
  if (all.length <= MOST_ASKED) return all
  const came = new Map(all.map((at) => [at, elementOf(consumer.gradients[call], at)]))
  const size = (at: number) => (came.get(at) === contribution ? Infinity : Math.abs(came.get(at) ?? 0))
  return all.sort((a, b) => size(b) - size(a) || a - b).slice(0, MOST_ASKED)
}

/** Of the ways from one value to the other, the direct one through this slot: it has one factor, and that value. */
function ruleIn({ paths }: ExplanationJson, local: number | null): Rule | null {
  const direct = paths.filter(({ factors }) => factors.length === 1).map(({ factors }) => factors[0])
  const found =
    direct.find(({ value }) => Object.is(Number(value), local)) ??
    direct.find(({ value }) => near(Number(value), local))
  return found ? { tex: found.tex, text: found.formula } : null
}

const near = (a: number, b: number | null): boolean =>
  b !== null && Math.abs(a - b) <= 1e-5 * Math.max(Math.abs(a), Math.abs(b), 1e-30)
