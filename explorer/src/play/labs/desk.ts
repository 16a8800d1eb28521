/**
 * Hands experiments to a worker, one at a time. While one is computed only the latest of the following waits: those
 * between are of no interest any more.
 */
import type { Job } from './jobs.ts'

export interface Question {
  readonly id: number
  readonly job: Job
  readonly order: unknown
}

export type Answer = { readonly id: number } & ({ readonly found: unknown } | { readonly error: string })

/** What the desk needs of a worker. */
export interface Hand {
  onmessage: ((event: MessageEvent<Answer>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
  postMessage(question: Question): void
  terminate(): void
}

export class Desk {
  readonly #hire: () => Hand
  readonly #answered: (answer: Answer) => void
  #hand: Hand | null = null
  #running: Question | null = null
  #waiting: Question | null = null

  constructor(hire: () => Hand, answered: (answer: Answer) => void) {
    this.#hire = hire
    this.#answered = answered
  }

  ask(question: Question): void {
    if (this.#running) {
      this.#waiting = question
      return
    }
    this.#hand ??= this.#ready()
    this.#running = question
    this.#hand.postMessage(question)
  }

  dispose(): void {
    this.#hand?.terminate()
    this.#hand = null
    this.#running = null
    this.#waiting = null
  }

  #ready(): Hand {
    const hand = this.#hire()
    hand.onmessage = ({ data }) => this.#done(data)
    hand.onerror = ({ message }) => {
      hand.terminate()
      this.#hand = null
      const id = this.#running?.id ?? 0
      this.#done({ id, error: `The experiment ended its worker: ${message || 'it could not be started'}` })
    }
    return hand
  }

  #done(answer: Answer): void {
    const next = this.#waiting
    this.#running = null
    this.#waiting = null
    // An answer that nobody waits for is still worth showing while the next one is computed.
    this.#answered(answer)
    if (next) this.ask(next)
  }
}
