/** What the rules ask of a syntax tree (ESTree, as acorn gives it, parentheses kept). */
import type { AnyNode, Expression, Function as FunctionNode, Identifier, Node, Pattern } from 'acorn'

/** A node and where it stands. */
export interface Place<T extends Node = AnyNode> {
  readonly node: T
  readonly parent: Place | undefined
}

/** Visits every node of the tree, a parent before its children; keeps a list of its own, so that depth is no matter. */
export function walk(root: AnyNode, visit: (place: Place) => void): void {
  const waiting: Place[] = [{ node: root, parent: undefined }]
  for (let place = waiting.pop(); place; place = waiting.pop()) {
    visit(place)
    for (const child of children(place.node)) waiting.push({ node: child, parent: place })
  }
}

function* children(node: AnyNode): Iterable<AnyNode> {
  for (const [key, value] of Object.entries(node)) {
    // The key and the value of `{ a }` are one node.
    if (key === 'key' && 'shorthand' in node && node.shorthand) continue
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield child
  }
}

const isNode = (x: unknown): x is AnyNode => typeof x === 'object' && x !== null && 'type' in x && 'start' in x

/** The expression inside any parentheses. */
export function unwrap<T extends Expression | Pattern>(node: T): Expression | T {
  let inner: Expression | T = node
  while (inner.type === 'ParenthesizedExpression') inner = inner.expression
  return inner
}

/** A function or class takes its name from what it is assigned to, so it must stay the right side itself. */
export function isFunctionOrClass(node: Expression): boolean {
  const { type } = unwrap(node)
  return type === 'FunctionExpression' || type === 'ArrowFunctionExpression' || type === 'ClassExpression'
}

/** The variables that a pattern binds or assigns; members in it are left out, for reading one may run a getter. */
export function bindings(pattern: Pattern | null): Identifier[] {
  if (!pattern) return []
  const inner = unwrap(pattern)
  if (inner.type === 'Identifier') return [inner]
  if (inner.type === 'AssignmentPattern') return bindings(inner.left)
  if (inner.type === 'RestElement') return bindings(inner.argument)
  if (inner.type === 'ArrayPattern') return inner.elements.flatMap(bindings)
  if (inner.type === 'ObjectPattern')
    return inner.properties.flatMap((p) => bindings(p.type === 'RestElement' ? p.argument : p.value))
  return []
}

const LISTS = new Set(['Program', 'BlockStatement', 'StaticBlock', 'SwitchCase', 'ExportNamedDeclaration'])

/** Whether statements may be put beside this one: not if it is the whole body of an `if` or of a label. */
export const isInList = ({ parent }: Place<Node>): boolean => parent !== undefined && LISTS.has(parent.node.type)

/** The first statement after directives such as 'use strict', which must stay first. */
export function firstStatement<T extends Node>(body: readonly T[]): T | undefined {
  return body.find((statement) => !('directive' in statement && statement.directive !== undefined))
}

export type { FunctionNode }
