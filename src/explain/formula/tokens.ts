/**
 * The smallest pieces of the language: names, numbers, text, spaces and comments, read instead of jsep's own. A line is a
 * statement: spaces end at its end unless a bracket is open.
 */
import { quoted, type Source } from './formula-error.ts'
import { Jsep } from './jsep.ts'
import type { Expression, Identifier, Literal } from './syntax.ts'
import { noOperator, noValue } from './unexpected.ts'

const NAME = String.raw`[\p{Lu}\p{Ll}\p{Lt}\p{Lo}_][\p{Lu}\p{Ll}\p{Lt}\p{Lo}\p{Mn}\p{Nd}_₀-₉]*`
const name = new RegExp(NAME, 'uy')
const nameAndEquals = new RegExp(String.raw`(${NAME})[^\S\n\r\u2028\u2029]*=(?!=)`, 'uy')
const number = /(?:\d+\.?\d*|\.\d+)(?:[eE][+\-−]?\d+)?/y
const text = /'[^'\n\r]*'|"[^"\n\r]*"/y
const lineEnd = /[\n\r\u2028\u2029]/g

export class Tokens extends Jsep {
  private readonly source: Source
  /** How many brackets are open: inside of them a new line is a space. */
  protected open = 0

  constructor(source: Source) {
    super(source.text)
    this.source = source
  }

  override gobbleSpaces(): void {
    for (;;) {
      const { char, index } = this
      if (char === '#' || (char === '/' && this.expr[index + 1] === '/')) {
        lineEnd.lastIndex = index
        this.index = lineEnd.exec(this.expr)?.index ?? this.expr.length
      } else if (/\s/.test(char) && (this.open > 0 || !isLineEnd(char))) this.index++
      else return
    }
  }

  override gobbleNumericLiteral(): Expression {
    const start = this.index
    const found = this.match(number)
    if (!found) this.fail(noValue(this.expr, start))
    const value = Number(found[0].replace('−', '-'))
    if (value === Infinity)
      this.fail(`${quoted(found[0])} is too large; the largest number is 1.8e308`, start, this.index)
    return this.literal(value, start)
  }

  override gobbleStringLiteral(): Expression {
    const start = this.index
    const found = this.match(text)
    if (!found) this.fail('the text that begins here has no closing quote')
    return this.literal(found[0].slice(1, -1), start)
  }

  override gobbleIdentifier(): Identifier {
    const start = this.index
    const found = this.match(name)
    if (!found) this.fail(noValue(this.expr, start))
    return { type: 'Identifier', name: nameOf(found[0]), ...this.since(start) }
  }

  /** Reads a closing bracket; `or` is what else could stand here. */
  protected close(start: number, bracket: string, or = ''): void {
    if (this.char !== bracket) {
      const { line, column } = this.source.placeOf(start)
      const opening = `the '${this.expr[start]}' of ${line === 1 ? '' : `line ${line}, `}column ${column}`
      this.fail(noOperator(this.expr, this.index, `${or}'${bracket}' to close ${opening}`))
    }
    this.index++
    this.open--
  }

  protected literal(value: number | string, start: number): Literal {
    return { type: 'Literal', value, ...this.since(start) }
  }

  protected since(start: number): { start: number; end: number } {
    return { start, end: this.index }
  }

  /** What the pattern finds right here, read. */
  protected match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.index
    const found = pattern.exec(this.expr)
    if (found) this.index = pattern.lastIndex
    return found
  }

  override throwError(problem: string): never {
    return this.fail(problem)
  }

  protected fail(problem: string, start: number = this.index, end: number = start): never {
    throw this.source.error(problem, start, end)
  }

  /** `name =`, read; null where something else stands. */
  protected assigned(): string | null {
    const found = this.match(nameAndEquals)
    return found && nameOf(found[1])
  }
}

export const isLineEnd = (char: string): boolean => /[\n\r\u2028\u2029]/.test(char)

/** One spelling for letters that Unicode writes in several ways, such as ŷ. */
const nameOf = (spelled: string): string => spelled.normalize('NFC')
