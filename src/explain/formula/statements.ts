/** Statements: `name = expression`, or an expression alone. */
import { quoted, type Source } from './formula-error.ts'
import { Grammar } from './grammar.ts'
import { withOperators } from './jsep.ts'
import { precedence, signs } from './operators.ts'
import type { Statement } from './syntax.ts'
import { isLineEnd } from './tokens.ts'
import { noEnd, noOperator, noPair } from './unexpected.ts'

/** The statements of a formula: assignments and expressions, one per line or separated by semicolons. */
export const readStatements = (source: Source): Statement[] =>
  withOperators(precedence, signs, () => new Statements(source).formula())

/** A list of `name = expression`, separated by commas, semicolons or new lines. */
export const readAssignments = (source: Source): Statement[] =>
  withOperators(precedence, signs, () => new Statements(source).values())

class Statements extends Grammar {
  formula(): Statement[] {
    const all: Statement[] = []
    while (this.more(';')) {
      const start = this.index
      const name = this.assigned()
      const expression = this.gobbleExpression()
      if (!this.ended(';')) this.fail(noOperator(this.expr, this.index, `${OPERATOR} or the end of the line`))
      all.push({ name, expression, start, end: this.last })
    }
    return all
  }

  values(): Statement[] {
    const all: Statement[] = []
    while (this.more(',;')) {
      const start = this.index
      const name = this.assigned() ?? this.unassigned()
      const expression = this.gobbleExpression()
      if (!this.ended(',;')) this.fail(noEnd(this.expr, this.index, `${OPERATOR} or a comma`))
      all.push({ name, expression, start, end: this.last })
    }
    return all
  }

  private unassigned(): never {
    if (!/\p{L}/u.test(this.char)) return this.fail(noPair(this.expr, this.index))
    const { name } = this.gobbleIdentifier()
    this.gobbleSpaces()
    return this.fail(noEnd(this.expr, this.index, `= and a value after ${quoted(name)}`))
  }

  /** Whether there is another statement; skips what separates it from the last. */
  private more(separators: string): boolean {
    for (this.gobbleSpaces(); this.ended(separators); this.gobbleSpaces()) {
      if (this.index >= this.expr.length) return false
      this.index++
    }
    return true
  }

  private ended(separators: string): boolean {
    return this.char === '' || separators.includes(this.char) || isLineEnd(this.char)
  }
}

const OPERATOR = 'an operator such as + or *,'
