/**
 * What the grammar reads: the nodes of an expression and the statements of a text. The names of the types are those of
 * JavaScript's syntax trees, which jsep makes; `Index`, `Named` and the flags on binary operations are ours.
 */
import type { Index } from '../../functional/index.ts'

/** What was read from `start` to `end`; of a node that jsep made, it is set when the node is complete. */
interface Node {
  start: number
  end: number
  /** True in parentheses. */
  grouped?: boolean
}

export interface Literal extends Node {
  readonly type: 'Literal'
  readonly value: number | string | boolean
}

export interface Identifier extends Node {
  readonly type: 'Identifier'
  readonly name: string
}

export interface List extends Node {
  readonly type: 'ArrayExpression'
  readonly elements: readonly Expression[]
}

export interface Unary extends Node {
  readonly type: 'UnaryExpression'
  readonly operator: string
  readonly argument: Expression
}

export interface Binary extends Node {
  readonly type: 'BinaryExpression'
  readonly operator: string
  readonly left: Expression
  readonly right: Expression
  /** True for `2x`, a product without its sign. */
  readonly implicit?: boolean
}

/** `f(a, b)`, and everything that stands for a call: `x.f(b)`, `|x|`, `x'`, `x^2`, `√x`. */
export interface Call extends Node {
  readonly type: 'CallExpression'
  readonly callee: Identifier
  readonly arguments: readonly Argument[]
}

/** `dim=0` among the arguments of a call. */
export interface Named extends Node {
  readonly type: 'Named'
  readonly name: string
  readonly value: Expression
}

/** `x[0, 1:3]`. */
export interface Indexed extends Node {
  readonly type: 'Index'
  readonly object: Expression
  readonly indices: readonly Index[]
}

/** `sort(x).values`. */
export interface Member extends Node {
  readonly type: 'MemberExpression'
  readonly object: Expression
  readonly property: string
}

export type Argument = Expression | Named
export type Expression = Literal | Identifier | List | Unary | Binary | Call | Indexed | Member

/**
 * True for `2x` without parentheses, with or without a sign in front. As a divisor, an exponent or under a root it means
 * different things to different people: `1/2x` is x/2 or 1/(2x).
 */
export function isLoose(node: Expression): boolean {
  let inner = node
  while (inner.type === 'UnaryExpression' && !inner.grouped) inner = inner.argument
  return inner.type === 'BinaryExpression' && inner.implicit === true && !inner.grouped
}

export interface Statement {
  /** Null for an expression without a name. */
  readonly name: string | null
  readonly expression: Expression
  readonly start: number
  readonly end: number
}
