/**
 * Loops tell the observer when they begin, each time their body begins, and when they are left, in whatever way. What
 * is put around a loop goes around its labels too, for `continue label` wants the label on the loop itself.
 */
import type { AnyNode, Pattern, Statement } from 'acorn'
import { nameVariables, type Weave } from './names.ts'
import { bindings, type Place } from './tree.ts'

type Loop = Extract<
  AnyNode,
  { type: 'ForStatement' | 'ForInStatement' | 'ForOfStatement' | 'WhileStatement' | 'DoWhileStatement' }
>

export const isLoop = (place: Place): place is Place<Loop> =>
  /^(?:For|ForIn|ForOf|While|DoWhile)Statement$/.test(place.node.type)

export function weaveLoop(weave: Weave, place: Place<Loop>): void {
  const { edits, observer, position } = weave
  const { node } = place
  const { line, column } = position(node.start)
  const at = `(${line},${column})`
  edits.around(labelled(place).node, `{${observer}().loop${at};try{`, `}finally{${observer}().endLoop${at}}}`)
  const { body } = node
  // A declaration in the body may hide a variable of the head, which could not be read before it.
  const names = nameVariables(weave, variablesOf(node), declaredIn(body))
  const opening = [`${observer}().iteration${at};`, ...names.map((name) => `${name};`)].join('')
  if (body.type === 'BlockStatement') edits.before(body.start + 1, opening)
  else edits.around(body, `{${opening}`, '}')
}

function labelled(place: Place): Place {
  const { parent } = place
  return parent?.node.type === 'LabeledStatement' ? labelled(parent) : place
}

/** What the head of the loop gives a value, as far as that has not been named in the head; keys are no tensors. */
function variablesOf(node: Loop): Pattern[] {
  if (node.type === 'ForOfStatement')
    return node.left.type === 'VariableDeclaration' ? [node.left.declarations[0].id] : [node.left]
  if (node.type !== 'ForStatement' || node.init?.type !== 'VariableDeclaration') return []
  return node.init.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [] : [id]))
}

function declaredIn(body: Statement): string[] {
  if (body.type !== 'BlockStatement') return []
  return body.body
    .flatMap((statement) => {
      if (statement.type === 'ClassDeclaration') return [statement.id]
      if (statement.type !== 'VariableDeclaration') return []
      return statement.declarations.flatMap(({ id }) => bindings(id))
    })
    .map(({ name }) => name)
}
