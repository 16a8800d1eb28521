/** Questions to the session. While an answer is awaited, the one before it stays: numbers do not flicker. */
import type { ExplanationJson } from 'chainrule/explain'
import { useEffect, useState } from 'react'
import type { Element, Session } from '../model/session.ts'

export interface Answer {
  /** What it answers; an answer to another question is not shown. */
  readonly question: string
  readonly explanation: ExplanationJson | null
  readonly error: string | null
}

const questionOf = (output: Element, input: Element): string =>
  `${output.node}.${output.index} by ${input.node}.${input.index}`

/** @param asks whether an answer is wanted at all. */
export function useExplanation(session: Session, output: Element, input: Element, asks: boolean): Answer | null {
  const [answer, setAnswer] = useState<Answer | null>(null)
  const question = questionOf(output, input)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the question says all there is to know of the elements
  useEffect(() => {
    if (!asks) return
    let isWanted = true
    session.explain(output, input).then(
      (explanation) => isWanted && setAnswer({ question, explanation, error: null }),
      (error: Error) => isWanted && setAnswer({ question, explanation: null, error: error.message }),
    )
    return () => {
      isWanted = false
    }
  }, [session, question, asks])
  return answer?.question === question ? answer : null
}

/** Whether gradient and central difference agree, in words. */
export const verdictOn = ({ kink, agrees }: ExplanationJson): string =>
  kink
    ? 'the function has a corner here, so the gradient is one by convention'
    : agrees
      ? 'they agree ✓'
      : 'they differ ✕'
