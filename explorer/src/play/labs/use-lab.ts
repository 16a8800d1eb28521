/** An experiment in the page: what was found last, and whether it is of other settings than those that stand there now. */
import { useEffect, useMemo, useRef, useState } from 'react'
import { type Answer, Desk, type Hand } from './desk.ts'
import type { Found, Job, Order } from './jobs.ts'

export interface Finding<J extends Job> {
  /** Null until the first answer has come. */
  readonly found: Found<J> | null
  /** Why the library refuses these settings; null where it does not. */
  readonly error: string | null
  /** The settings have been changed since. */
  readonly isStale: boolean
}

const hire = (): Hand => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })

export function useLab<J extends Job>(job: J, order: Order<J>): Finding<J> {
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [found, setFound] = useState<Found<J> | null>(null)
  const desk = useRef<Desk | null>(null)
  const asked = useRef(0)
  const key = JSON.stringify(order)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all there is to know of the order
  const question = useMemo(() => ({ id: ++asked.current, job, order }), [job, key])
  useEffect(() => {
    const made = new Desk(hire, (answer) => {
      setAnswer(answer)
      if ('found' in answer) setFound(answer.found as Found<J>)
    })
    desk.current = made
    return () => made.dispose()
  }, [])
  useEffect(() => desk.current?.ask(question), [question])
  const isAnswered = answer?.id === question.id
  return { found, error: isAnswered && 'error' in answer ? answer.error : null, isStale: !isAnswered }
}
