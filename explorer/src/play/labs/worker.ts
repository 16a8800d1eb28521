/** Runs experiments off the page's thread. Here are only the messages. */

import type { Answer, Question } from './desk.ts'
import { jobs } from './jobs.ts'

const scope = self as unknown as { onmessage: (event: MessageEvent<Question>) => void; postMessage(x: Answer): void }

scope.onmessage = ({ data: { id, job, order } }) => {
  try {
    const run = jobs[job] as (order: unknown) => unknown
    scope.postMessage({ id, found: run(order) })
  } catch (error) {
    scope.postMessage({ id, error: error instanceof Error ? error.message : String(error) })
  }
}
