/**
 * Expressions, on top of jsep, which puts operators in the order of their precedence. What it calls a token is an
 * operand: a name, a number, a bracket, with all that belongs to it. A power belongs to the operand before it, and its
 * exponent is again an operand: hence it binds tighter than a minus sign in front, and `2^3^2` is 2^(3^2).
 */
import type { Index } from '../../functional/index.ts'
import { signs } from './operators.ts'
import { type Argument, type Expression, type Identifier, isLoose } from './syntax.ts'
import { Tokens } from './tokens.ts'
import { AMBIGUOUS, noValue } from './unexpected.ts'

/** Brackets and signs inside one another; each costs the parser a few frames of the stack. */
const DEEPEST = 200

const raise = /\^|\*\*/y
const superscript = /[⁺⁻]?[⁰¹²³⁴-⁹]+/y
const range = /([-−]?\d+)?[ \t]*(?:(:)[ \t]*([-−]?\d+)?[ \t]*(?::[ \t]*([-−]?\d+)?)?)?/y
const startsFactor = /[\p{Lu}\p{Ll}\p{Lt}\p{Lo}(√]/uy

export class Grammar extends Tokens {
  private nesting = 0
  /** Where the last token ended. */
  protected last = 0

  override gobbleToken(): Expression {
    this.gobbleSpaces()
    const start = this.index
    if (++this.nesting > DEEPEST) this.fail(`nested more than ${DEEPEST} deep; give the inner part a name of its own`)
    const signed = signs.includes(this.char)
    const token = this.ownToken() ?? (super.gobbleToken() || this.fail(noValue(this.expr, start)))
    token.start ??= start
    token.end ??= this.index
    const node = signed ? token : this.powerOf(token)
    this.nesting--
    this.last = this.index
    return node
  }

  /** The tokens that jsep does not know. */
  private ownToken(): Expression | undefined {
    const start = this.index
    if (/[\d.]/.test(this.char)) return this.product(this.gobbleNumericLiteral())
    if (this.char === '|') return this.absolute()
    if (this.char !== '√') return undefined
    this.index++
    return this.called('sqrt', start, [this.unambiguous(this.gobbleToken())])
  }

  /** `2x` and `3(w + 1)`: a number right before a name or a bracket. */
  private product(left: Expression): Expression {
    startsFactor.lastIndex = this.index
    if (!startsFactor.test(this.expr)) return left
    const right = this.gobbleToken()
    return {
      type: 'BinaryExpression',
      operator: '*',
      left,
      right,
      implicit: true,
      ...this.since(left.start),
    }
  }

  private absolute(): Expression {
    const start = this.index++
    this.open++
    const inside = this.gobbleExpression()
    this.close(start, '|')
    return this.gobbleTokenProperty(this.called('abs', start, [inside]))
  }

  private powerOf(base: Expression): Expression {
    const raised = this.match(superscript)
    const written = raised && this.literal(Number(raised[0].normalize('NFKC').replace('−', '-')), raised.index)
    const power = written ? this.called('pow', base.start, [base, written]) : base
    const at = this.index
    this.gobbleSpaces()
    if (!this.match(raise)) {
      this.index = at
      return power
    }
    return this.called('pow', base.start, [power, this.unambiguous(this.gobbleToken())])
  }

  private unambiguous(node: Expression): Expression {
    if (isLoose(node)) this.fail(AMBIGUOUS, node.start, node.end)
    return node
  }

  /** What follows a value without a space: `x'`, `x[0]`, `x.T`, `x.relu()`; a function's arguments may follow one. */
  override gobbleTokenProperty(first: Expression): Expression {
    let node = first
    for (;;) {
      const at = this.index
      if (this.char === "'" || this.char === 'ᵀ') {
        this.index++
        node = this.called('transposed', node.start, [node])
      } else if (this.char === '[') node = this.indexed(node)
      else if (this.char === '.') node = this.member(node)
      else {
        if (isName(node)) this.gobbleSpaces()
        if (this.char !== '(') {
          this.index = at
          return node
        }
        node = this.invoked(node)
      }
    }
  }

  private invoked(callee: Expression): Expression {
    if (!isName(callee)) this.fail('only functions can be called; for a product write * before this bracket')
    this.index++
    return { type: 'CallExpression', callee, arguments: this.gobbleArguments(CLOSING), ...this.since(callee.start) }
  }

  /** `.T`, `.values` or `.relu(...)`, which is relu(x, ...). */
  private member(object: Expression): Expression {
    this.index++
    const callee = this.gobbleIdentifier()
    if (this.char === '(') {
      this.index++
      const given = [object, ...this.gobbleArguments(CLOSING)]
      return { type: 'CallExpression', callee, arguments: given, ...this.since(object.start) }
    }
    if (callee.name === 'T') return this.called('transposed', object.start, [object])
    return { type: 'MemberExpression', object, property: callee.name, ...this.since(object.start) }
  }

  /** `[0]`, `[-1, 1:3]`: indices are whole numbers and ranges of them. */
  private indexed(object: Expression): Expression {
    const start = this.index
    const indices: Index[] = []
    this.open++
    do {
      this.index++
      this.gobbleSpaces()
      const at = this.index
      const [all, from, colon, to, step] = this.match(range)!
      this.gobbleSpaces()
      if (all.trim() === '' || !',]'.includes(this.char))
        this.fail('an index is a whole number such as 0 or -1, or a range such as 1:3', at)
      const [first, end, by] = [from, to, step].map((n) => (n === undefined ? undefined : Number(n.replace('−', '-'))))
      indices.push(colon ? { start: first, end, step: by } : first!)
    } while (this.char === ',')
    this.close(start, ']', "',' or ")
    return { type: 'Index', object, indices, ...this.since(object.start) }
  }

  override gobbleArray(): Expression {
    const start = this.index
    return Object.assign(super.gobbleArray(), this.since(start))
  }

  override gobbleGroup(): Expression {
    const start = this.index++
    this.open++
    const node = this.gobbleExpression()
    this.close(start, ')')
    return Object.assign(node, { ...this.since(start), grouped: true })
  }

  /** Arguments and elements up to the closing bracket; the opening one has been read. */
  override gobbleArguments(closing: number): Argument[] {
    const start = this.index - 1
    const all: Argument[] = []
    this.open++
    for (this.gobbleSpaces(); all.length > 0 || this.code !== closing; this.index++) {
      all.push(this.argument(closing === CLOSING))
      if (this.char !== ',') break
    }
    this.close(start, String.fromCharCode(closing), "',' or ")
    return all
  }

  private argument(nameable: boolean): Argument {
    this.gobbleSpaces()
    const start = this.index
    const name = nameable ? this.assigned() : null
    const value = this.gobbleExpression()
    return name === null ? value : { type: 'Named', name, value, ...this.since(start) }
  }

  private called(callee: string, start: number, given: readonly Expression[]): Expression {
    const range = this.since(start)
    return {
      type: 'CallExpression',
      callee: { type: 'Identifier', name: callee, ...range },
      arguments: given,
      ...range,
    }
  }
}

const CLOSING = ')'.charCodeAt(0)

const isName = (node: Expression): node is Identifier => node.type === 'Identifier'
