/** What the program prints, as text: in batches, so that a loop which prints does not drown the page. */
import { Tensor } from 'chainrule'
import type { Printed } from '../protocol.ts'

/** So many lines are kept of one run; what comes after is counted. */
const MOST = 1000
const EVERY_MS = 100

export class Console {
  readonly #send: (printed: readonly Printed[]) => void
  #waiting: Printed[] = []
  #count = 0
  #sent = 0

  constructor(send: (printed: readonly Printed[]) => void) {
    this.#send = send
    const target = console as unknown as Record<string, (...values: unknown[]) => void>
    for (const name of ['log', 'info', 'debug', 'warn', 'error'] as const) {
      const level = name === 'warn' || name === 'error' ? name : 'log'
      target[name] = (...values) => this.#print({ level, text: values.map((value) => shown(value)).join(' ') })
    }
  }

  #print(line: Printed): void {
    this.#count++
    if (this.#count > MOST) return
    this.#waiting.push(line)
    if (performance.now() - this.#sent > EVERY_MS) this.flush()
  }

  /** Sends what has not been sent. */
  flush(): void {
    if (this.#waiting.length > 0) this.#send(this.#waiting)
    this.#waiting = []
    this.#sent = performance.now()
  }

  /** Sends the rest, and how many lines were left out. */
  end(): void {
    if (this.#count > MOST)
      this.#waiting.push({ level: 'warn', text: `${this.#count - MOST} more lines are not shown` })
    this.flush()
  }
}

/** A value as a reader of the console wants it: tensors as they print, data as JSON. */
export function shown(value: unknown, depth = 0): string {
  if (typeof value === 'string') return depth === 0 ? value : JSON.stringify(value)
  if (value instanceof Tensor || value instanceof Error) return String(value)
  if (typeof value === 'function') return value.name ? `function ${value.name}` : 'a function'
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? `${value}n` : String(value)
  if (depth > 3) return '…'
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const list = Array.from(value as unknown as Iterable<unknown>)
    const parts = list.slice(0, 100).map((each) => shown(each, depth + 1))
    return `[${[...parts, ...(list.length > 100 ? [`… ${list.length - 100} more`] : [])].join(', ')}]`
  }
  const name = Object.getPrototypeOf(value)?.constructor?.name ?? ''
  const parts = Object.entries(value).slice(0, 100)
  const inside = parts.map(([key, each]) => `${key}: ${shown(each, depth + 1)}`).join(', ')
  return `${name === 'Object' || name === '' ? '' : `${name} `}{${inside && ` ${inside} `}}`
}
