/**
 * The parser that the grammar extends, jsep, typed as far as it is used. Its operators, literals and hooks are static
 * fields that all its users share: ours hold while we parse, and then what was there is put back.
 */
import library from 'jsep'
import type { Argument, Expression, Identifier } from './syntax.ts'

/** One run of the parser over a text. Each method reads what it is named after and moves `index` behind it. */
export interface Jsep {
  index: number
  readonly expr: string
  readonly char: string
  readonly code: number
  gobbleSpaces(): void
  gobbleExpression(): Expression
  gobbleToken(): Expression
  gobbleTokenProperty(node: Expression): Expression
  gobbleNumericLiteral(): Expression
  gobbleStringLiteral(): Expression
  gobbleIdentifier(): Identifier
  gobbleArguments(closing: number): Argument[]
  gobbleGroup(): Expression
  gobbleArray(): Expression
  throwError(problem: string): never
}

interface Tables {
  binary_ops: Readonly<Record<string, number>>
  max_binop_len: number
  right_associative: ReadonlySet<string>
  unary_ops: Readonly<Record<string, number>>
  max_unop_len: number
  literals: Readonly<Record<string, unknown>>
  this_str: string
  additional_identifier_chars: ReadonlySet<string>
  hooks: object
}

export const { Jsep } = library as unknown as { Jsep: (new (text: string) => Jsep) & Tables }

/** Runs `read` with our operators instead of JavaScript's. */
export function withOperators<T>(binary: Readonly<Record<string, number>>, unary: readonly string[], read: () => T): T {
  const ours: Tables = {
    binary_ops: binary,
    max_binop_len: Math.max(...Object.keys(binary).map((operator) => operator.length)),
    right_associative: new Set(),
    unary_ops: Object.fromEntries(unary.map((operator) => [operator, 1])),
    max_unop_len: 1,
    literals: { true: true, false: false },
    this_str: '',
    additional_identifier_chars: new Set(['_']),
    hooks: {},
  }
  const theirs = Object.fromEntries(Object.keys(ours).map((key) => [key, Jsep[key as keyof Tables]]))
  Object.assign(Jsep, ours)
  try {
    return read()
  } finally {
    Object.assign(Jsep, theirs)
  }
}
