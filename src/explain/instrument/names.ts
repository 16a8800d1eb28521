/**
 * Which expressions of a program get a name, and which. Whatever is assigned is handed to the observer together with
 * the name that a reader would call it by; the observer gives it back, so the program goes on as before. Functions and
 * classes are left alone, as they are no values to look at, and so are `i++` and members in patterns such as `[a.b] = c`.
 */
import type {
  AnyNode,
  AssignmentExpression,
  AssignmentProperty,
  Expression,
  MemberExpression,
  Pattern,
  Property,
} from 'acorn'
import type { Edits } from './edits.ts'
import type { Position } from './lines.ts'
import { bindings, type FunctionNode, firstStatement, isFunctionOrClass, isInList, type Place, unwrap } from './tree.ts'

/** A name that the observer is told, and where it stands in the source. */
export interface NamedPlace extends Position {
  readonly name: string
}

/** What the rules work on. */
export interface Weave {
  readonly edits: Edits
  /** Called in the woven code for the observer: `$()`. */
  readonly observer: string
  readonly names: NamedPlace[]
  /** The place in the source of an offset in the code. */
  position(offset: number): Position
  /** Whether what begins at an offset in the code was written by the user and not made of an enum or the like. */
  isOriginal(offset: number): boolean
}

type Rule<T extends AnyNode> = (weave: Weave, place: Place<T>) => void
type Rules = { readonly [K in AnyNode['type']]?: Rule<Extract<AnyNode, { type: K }>> }

export const nameRules: Rules = {
  VariableDeclaration: nameDeclaration,
  AssignmentExpression: nameAssignment,
  PropertyDefinition: (weave, { node: { computed, key, value } }) => {
    if (!computed && value) wrapNamed(weave, value, keyName(key), key.start)
  },
  Property: nameProperty,
  ExportDefaultDeclaration: (weave, { node: { start, declaration } }) => {
    const isDeclaration = declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration'
    if (!isDeclaration) wrapNamed(weave, declaration, 'default', weave.edits.code.indexOf('default', start))
  },
  FunctionDeclaration: nameParameters,
  FunctionExpression: nameParameters,
  ArrowFunctionExpression: nameParameters,
}

/** The call that names a value; the code of the value itself comes between the two halves. */
function naming({ observer, names, position }: Weave, name: string, start: number): [string, string] {
  const { line, column } = position(start)
  names.push({ name, line, column })
  return [`${observer}().name(`, `,${JSON.stringify(name)},${line},${column})`]
}

function wrapNamed(weave: Weave, value: Expression, name: string, start: number): void {
  if (!isFunctionOrClass(value) && weave.isOriginal(start)) weave.edits.around(value, ...naming(weave, name, start))
}

/** Calls that name variables which have their values already. */
export function nameVariables(weave: Weave, patterns: readonly (Pattern | null)[], except: readonly string[] = []) {
  const found = patterns.flatMap(bindings)
  const told = found.filter(({ name, start }) => !except.includes(name) && weave.isOriginal(start))
  return told.map(({ name, start }) => naming(weave, name, start).join(name))
}

function nameDeclaration(weave: Weave, place: Place<Extract<AnyNode, { type: 'VariableDeclaration' }>>): void {
  const { declarations } = place.node
  const patterns = declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [] : [id]))
  // Where it is the head of a loop, the body begins with the names.
  if (!place.parent?.node.type.startsWith('For')) append(weave, place, nameVariables(weave, patterns))
  for (const { id, init } of declarations)
    if (id.type === 'Identifier' && init) wrapNamed(weave, init, id.name, id.start)
}

/** Puts statements after a statement, in a block with it where there is room for one statement only. */
function append({ edits }: Weave, place: Place, statements: readonly string[]): void {
  if (statements.length === 0) return
  const { start, end } = place.node
  const text = `${edits.code[end - 1] === ';' ? '' : ';'}${statements.join(';')};`
  if (isInList(place)) edits.after(end, text)
  else edits.around({ start, end }, '{', `${text}}`)
}

const LOGICAL = ['=', '||=', '&&=', '??=']

function nameAssignment(weave: Weave, place: Place<AssignmentExpression>): void {
  const { node } = place
  const left = unwrap(node.left)
  const isVariable = left.type === 'Identifier'
  if (isVariable || left.type === 'MemberExpression') {
    const { name, start } = isVariable ? left : memberName(weave, left)
    // `x += y` assigns the sum, so all of it is the value.
    wrapNamed(weave, LOGICAL.includes(node.operator) ? node.right : node, name, start)
    return
  }
  const variables = nameVariables(weave, [left as Pattern])
  const statement = statementOf(place)
  if (statement) append(weave, statement, variables)
  // The value of the assignment is its right side, which stands first.
  else if (variables.length > 0) weave.edits.around(node, '[', `,${variables.join()}][0]`)
}

/** The statement that is nothing but this expression. */
function statementOf({ parent }: Place): Place | undefined {
  if (parent?.node.type === 'ParenthesizedExpression') return statementOf(parent)
  return parent?.node.type === 'ExpressionStatement' ? parent : undefined
}

/** `this.w` is called w, and `p.bias` p.bias; an owner that is no name itself is left out. */
function memberName(weave: Weave, member: MemberExpression): { name: string; start: number } {
  const { property, computed } = member
  const owner = unwrap(member.object as Expression)
  const owned =
    owner.type === 'Identifier' ? owner : owner.type === 'MemberExpression' ? memberName(weave, owner) : undefined
  if (!computed && !owned) return { name: keyName(property), start: property.start }
  const { name, start } = owned ?? { name: owner.type === 'ThisExpression' ? 'this' : '…', start: owner.start }
  if (!computed) return { name: `${name}.${keyName(property)}`, start }
  return { name: `${name}[${shorten(weave.edits.code.slice(property.start, property.end))}]`, start }
}

const LONGEST_INDEX = 20
const shorten = (index: string): string => (index.length > LONGEST_INDEX || /\s\s|\n/.test(index) ? '…' : index)

function keyName(key: Expression | MemberExpression['property']): string {
  if (key.type === 'PrivateIdentifier') return `#${key.name}`
  return key.type === 'Identifier' ? key.name : String((key as { value?: unknown }).value)
}

/** `{ w: randn([3]) }`: what is made in place has no other name. */
function nameProperty(weave: Weave, { node, parent }: Place<Property | AssignmentProperty>): void {
  const { kind, method, shorthand, computed, key, value } = node
  if (parent?.node.type !== 'ObjectExpression' || kind !== 'init' || method || shorthand || computed) return
  const { type } = unwrap(value)
  if (type === 'CallExpression' || type === 'AwaitExpression')
    wrapNamed(weave, value as Expression, keyName(key), key.start)
}

/** Parameters are named on entry, after the directives of the function. */
function nameParameters(weave: Weave, { node }: Place<FunctionNode & AnyNode>): void {
  const { edits } = weave
  const { params, body } = node as FunctionNode
  const variables = nameVariables(weave, params)
  if (variables.length === 0) return
  if (body.type !== 'BlockStatement') edits.around(body, `(${variables.join()},`, ')')
  else {
    const first = firstStatement(body.body)
    // The last of nothing but directives may end without a semicolon.
    edits.before(first?.start ?? body.end - 1, `${first ? '' : ';'}${variables.join(';')};`)
  }
}
