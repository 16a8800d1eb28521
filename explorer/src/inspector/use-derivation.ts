/**
 * A derivation with what only the session can say: the local derivatives in symbols, and, where a reader uses the number
 * for several of its elements as a matrix product does, one term for each of them.
 */
import type { ExplanationJson } from 'chainrule/explain'
import { useEffect, useMemo, useState } from 'react'
import { elementOf } from '../graph/numbers.ts'
import { sizeOf } from '../graph/shapes.ts'
import type { Element, Session } from '../model/session.ts'
import { abbreviated, type Derivation, derivationOf, type Term } from './terms.ts'

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
/** A slider that moves asks again when it rests. */
const QUIET = 80
/** Readers with more elements than this stay one term. */
const MOST_ELEMENTS = 32

export const termKey = ({ consumer, slot, at }: Term): string => `${consumer.id}:${slot}:${at}`

export function useDerivation(session: Session, element: Element, call: number): Told {
  const { node, index } = element
  const plain = useMemo(() => derivationOf(session.trace, { node, index }, call), [session, node, index, call])
  const [answer, setAnswer] = useState<{ readonly question: string; readonly told: Told } | null>(null)
  const question = `${session.origin} ${node}.${index} ${call} ${plain.terms.map(termKey)}`
  const isAgain = answer?.question === question
  // biome-ignore lint/correctness/useExhaustiveDependencies: the question and the session say what is asked
  useEffect(() => {
    let isWanted = true
    const ask = async () => {
      const told = await toldOf(session, element, plain, call)
      if (isWanted) setAnswer({ question, told })
    }
    const later = setTimeout(() => void ask(), isAgain ? QUIET : 0)
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

/** A term for every element of the reader that uses the number; the term itself where these would not add up to it. */
async function splitOf(term: Term, input: Element, call: number, ask: Ask, rules: Map<string, Rule>): Promise<Term[]> {
  const { consumer } = term
  const size = sizeOf(consumer.value.shape)
  const slots = consumer.inputs.filter((x) => 'node' in x && x.node === input.node)
  if (term.at !== null || size > MOST_ELEMENTS || slots.length !== 1) return [term]
  const answers = await Promise.all(Array.from({ length: size }, (_, at) => ask(term, at)))
  const parts = answers.flatMap((told, at) => {
    if (!told || told.pathCount === '0') return []
    const local = Number(told.gradient)
    const upstream = elementOf(consumer.gradients[call], at)
    const part = { ...term, at, local, upstream, contribution: (upstream ?? 0) * local }
    const rule = ruleIn(told, local)
    if (rule) rules.set(termKey(part), rule)
    return [part]
  })
  const sum = parts.reduce((all, { contribution }) => all + contribution, 0)
  return parts.length > 0 && near(sum, term.contribution) ? parts : [term]
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
