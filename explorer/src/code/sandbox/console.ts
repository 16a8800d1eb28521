/** What the program prints, as text: in batches, so that a loop which prints does not drown the page. */
import { Tensor } from 'chainrule'
import type { Printed } from '../protocol.ts'

/** So many lines are kept of one run; what comes after is counted. */
const MOST = 1000
/** Nobody reads a longer one. */
const LONGEST = 5000
const EVERY_MS = 100

export class Console {
  readonly #send: (printed: readonly Printed[]) => void
  #waiting: Printed[] = []
  #count = 0
  #sent = 0
  #ended = false

  constructor(send: (printed: readonly Printed[]) => void) {
    this.#send = send
    const target = console as unknown as Record<string, (...values: unknown[]) => void>
    for (const name of ['log', 'info', 'debug', 'warn', 'error'] as const) {
      const level = name === 'warn' || name === 'error' ? name : 'log'
      target[name] = (...values) => this.print(level, values.map((value) => shown(value)).join(' '))
    }
  }

  print(level: Printed['level'], text: string): void {
    this.#count++
    if (this.#count > MOST) return
    this.#waiting.push({ level, text: clipped(text) })
    if (this.#ended || performance.now() - this.#sent > EVERY_MS) this.flush()
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
    this.#ended = true
    this.flush()
  }
}

export const clipped = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST)} … ${text.length - LONGEST} more characters` : text

/** So many parts of a value are shown, and of the values inside of it. */
const PARTS = [100, 20, 5, 5]

/** A value as a reader of the console wants it. Those that fail when they are looked at are said to. */
export function shown(value: unknown): string {
  try {
    return textOf(value, 0)
  } catch {
    return '(a value that cannot be shown)'
  }
}

/** Tensors as they print, data as JSON. */
function textOf(value: unknown, depth: number): string {
  if (typeof value === 'string') return depth === 0 ? value : JSON.stringify(clipped(value))
  if (value instanceof Tensor || value instanceof Error) return String(value)
  if (typeof value === 'function') return value.name ? `function ${value.name}` : 'a function'
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? `${value}n` : String(value)
  if (depth >= PARTS.length) return '…'
  const most = PARTS[depth]
  const listed = (parts: readonly string[], all: number): string =>
    [...parts, ...(all > most ? [`… ${all - most} more`] : [])].join(', ')
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value)) {
    const list = value as unknown as ArrayLike<unknown>
    const parts = Array.from({ length: Math.min(list.length, most) }, (_, i) => textOf(list[i], depth + 1))
    return `[${listed(parts, list.length)}]`
  }
  const name = Object.getPrototypeOf(value)?.constructor?.name ?? ''
  const keys = Object.keys(value)
  const parts = keys.slice(0, most).map((key) => `${key}: ${textOf(value[key as keyof typeof value], depth + 1)}`)
  const inside = listed(parts, keys.length)
  return `${name === 'Object' || name === '' ? '' : `${name} `}{${inside && ` ${inside} `}}`
}
