/**
 * The body of one function, written statement by statement. Blocks nest as in the source: a label is what `block`,
 * `loop` and `branch` hand to their bodies, and how many levels a jump leaves is counted here.
 *
 *     f.repeat(n, 4, (i) => f.do(store('v128.store', op('i32.add', y, i), ...)))
 */
import {
  branch,
  branchIf,
  dropped,
  type Expr,
  encode,
  i32,
  type Local,
  localOf,
  op,
  print,
  type Reference,
  returned,
  setLocal,
  type Type,
  type ValueType,
} from './code.ts'
import { list, unsigned, Writer } from './encode.ts'

export const typeCode: Readonly<Record<Type, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
  none: 0x40,
}

/** Where a jump leads: behind a block, or back to the start of a loop. */
export interface Label {
  readonly depth: number
  readonly name: string
}

/** Statements one after the other: as bytes, or as text instead. */
class Statements {
  readonly code = new Writer()
  readonly references: Reference[] = []
  readonly lines: string[] | undefined

  constructor(asText: boolean) {
    this.lines = asText ? [] : undefined
  }

  /** What the expression leaves on the stack is dropped. */
  add(e: Expr, depth: number): void {
    this.condition(e.type === 'none' ? e : dropped(e), depth)
  }

  /** An expression whose value the next instruction takes. */
  condition(e: Expr, depth: number): void {
    if (this.lines) print(e, indent(depth), this.lines)
    else encode(e, this.code, this.references)
  }

  raw(code: readonly number[], text: string, depth: number): void {
    if (this.lines) this.lines.push(indent(depth) + text)
    else this.code.all(code)
  }

  /** Fills in the functions' numbers. */
  resolve(): Uint8Array {
    const { bytes } = this.code
    for (const { at, to } of this.references) {
      const number = new Writer()
      number.padded(to.index)
      bytes.set(number.bytes, at)
    }
    return bytes
  }
}

const indent = (depth: number): string => '  '.repeat(depth + 1)

export class FunctionBuilder {
  private readonly locals: ValueType[] = []
  private readonly first: Statements
  private readonly body: Statements
  private depth = 0
  private labels = 0
  private readonly parameterCount: number

  /** Written as bytes, or as text. */
  constructor(parameterCount: number, as: 'bytes' | 'text' = 'bytes') {
    this.parameterCount = parameterCount
    this.first = new Statements(as === 'text')
    this.body = new Statements(as === 'text')
  }

  /** A new variable, 0 at first. */
  local<T extends ValueType>(type: T): Local<T> {
    const index = this.parameterCount + this.locals.length
    this.locals.push(type)
    return localOf(type, index, `${index}`)
  }

  /** A new variable holding a value that is read more than once. */
  let<T extends ValueType>(value: Expr<T>): Local<T> {
    const made = this.local(value.type)
    this.set(made, value)
    return made
  }

  /** A variable whose value is computed before anything else: a constant that a loop reads. */
  letFirst<T extends ValueType>(value: Expr<T>): Local<T> {
    const made = this.local(value.type)
    this.first.add(setLocal(made, value), 0)
    return made
  }

  set<T extends ValueType>(to: Local<T>, value: Expr<T>): void {
    this.do(setLocal(to, value))
  }

  /** Adds a constant to an integer variable: pointers and counters. */
  advance(to: Local<'i32'>, by: number | Expr<'i32'>): void {
    this.set(to, op('i32.add', to, typeof by === 'number' ? i32(by) : by))
  }

  /** A statement. What an expression leaves on the stack is dropped. */
  do(e: Expr): void {
    this.body.add(e, this.depth)
  }

  /** Statements that `jump(label)` leaves. */
  block(body: (end: Label) => void): void {
    this.nest(0x02, 'block', undefined, body)
  }

  /** Statements that are repeated when they jump to the label, and left at their end. */
  loop(body: (again: Label) => void): void {
    this.nest(0x03, 'loop', undefined, body)
  }

  if(when: Expr<'i32'>, then: () => void, otherwise?: () => void): void {
    this.nest(0x04, 'if', when, () => {
      then()
      if (!otherwise) return
      this.body.raw([0x05], 'else', this.depth - 1)
      otherwise()
    })
  }

  /** Runs the body for i = 0, step, 2 step ... below `end`, which is at least 0. */
  repeat(end: Expr<'i32'>, step: number, body: (i: Local<'i32'>) => void): void {
    const i = this.local('i32')
    this.set(i, i32(0))
    this.block((done) => {
      this.jump(done, op('i32.ge_s', i, end))
      this.loop((again) => {
        body(i)
        this.advance(i, step)
        this.jump(again, op('i32.lt_s', i, end))
      })
    })
  }

  /** Jumps to the label, always or if `when` is not 0. */
  jump(to: Label, when?: Expr<'i32'>): void {
    const levels = this.depth - to.depth
    this.do(when ? branchIf(levels, when, to.name) : branch(levels, to.name))
  }

  return(value?: Expr): void {
    this.do(returned(value))
  }

  /** Appends local variables and code, as the code section holds them. */
  encode(out: Writer): void {
    const groups: [count: number, type: ValueType][] = []
    for (const type of this.locals) {
      const last = groups.at(-1)
      if (last?.[1] === type) last[0]++
      else groups.push([1, type])
    }
    const locals = list(groups.map(([count, type]) => [...unsigned(count), typeCode[type]]))
    const [first, body] = [this.first.resolve(), this.body.resolve()]
    out.unsigned(locals.length + first.length + body.length + 1)
    out.all(locals)
    out.all(first)
    out.all(body)
    out.byte(0x0b)
  }

  /** The lines of one that is written as text. */
  print(): string[] {
    const declared = this.locals.map((type, i) => `  (local $${this.parameterCount + i} ${type})`)
    return [...declared, ...(this.first.lines ?? []), ...(this.body.lines ?? [])]
  }

  private nest(code: number, word: string, when: Expr<'i32'> | undefined, body: (label: Label) => void): void {
    if (when) this.body.condition(when, this.depth)
    const name = `$l${this.labels++}`
    this.body.raw([code, typeCode.none], `${word} ${name}`, this.depth)
    this.depth++
    body({ depth: this.depth, name })
    this.depth--
    this.body.raw([0x0b], 'end', this.depth)
  }
}
