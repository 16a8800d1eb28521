import { describe, expect, it } from 'vitest'
import { type Answer, Desk, type Hand, type Question } from './desk.ts'

/** A worker that answers when it is told to. */
class Slow implements Hand {
  onmessage: Hand['onmessage'] = null
  onerror: Hand['onerror'] = null
  readonly asked: Question[] = []
  isOver = false
  postMessage(question: Question) {
    this.asked.push(question)
  }
  terminate() {
    this.isOver = true
  }
  answer() {
    const { id, order } = this.asked.at(-1)!
    this.onmessage!({ data: { id, found: order } } as MessageEvent<Answer>)
  }
}

function desk() {
  const [hands, answers]: [Slow[], Answer[]] = [[], []]
  const made = new Desk(
    () => {
      hands.push(new Slow())
      return hands.at(-1)!
    },
    (answer) => answers.push(answer),
  )
  const ask = (id: number) => made.ask({ id, job: 'depth', order: `order ${id}` })
  return { made, ask, hands, answers }
}

describe('Desk', () => {
  it('computes one at a time, and of those that wait the latest', () => {
    const { ask, hands, answers } = desk()
    for (const id of [1, 2, 3, 4]) ask(id)
    const [hand] = hands
    expect(hand.asked.map(({ id }) => id)).toEqual([1])
    hand.answer()
    expect(hand.asked.map(({ id }) => id)).toEqual([1, 4])
    hand.answer()
    expect(answers).toEqual([
      { id: 1, found: 'order 1' },
      { id: 4, found: 'order 4' },
    ])
    expect(hands.length).toBe(1)
  })

  it('goes on with another worker when one has ended', () => {
    const { ask, hands, answers } = desk()
    ask(1)
    ask(2)
    hands[0].onerror!({ message: 'out of memory' } as ErrorEvent)
    expect(answers).toEqual([{ id: 1, error: 'The experiment ended its worker: out of memory' }])
    expect(hands[0].isOver).toBe(true)
    hands[1].answer()
    expect(answers[1]).toEqual({ id: 2, found: 'order 2' })
  })

  it('ends its worker', () => {
    const { made, ask, hands } = desk()
    ask(1)
    made.dispose()
    expect(hands[0].isOver).toBe(true)
  })
})
