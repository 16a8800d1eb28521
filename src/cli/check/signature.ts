/** What a function takes, read from its own source text: the language itself tells only how many arguments it has. */
import {
  type ArrowFunctionExpression,
  type ClassExpression,
  type FunctionExpression,
  type Pattern,
  parseExpressionAt,
} from 'acorn'

export interface Signature {
  /** The parameters before a rest parameter; null for one that is taken apart, as in `({ x, w }) => ...`. */
  readonly parameters: readonly (string | null)[]
  /** The name of the rest parameter: `xs` of `(...xs) => ...`. */
  readonly rest: string | null
  readonly isClass: boolean
  /** Async functions and generators: what they return is no result yet. */
  readonly isLater: boolean
}

export function signatureOf(f: (...args: never[]) => unknown): Signature {
  const node = parse(Function.prototype.toString.call(f))
  if (node === undefined) {
    const parameters = Array.from({ length: f.length }, () => null)
    return { parameters, rest: null, isClass: false, isLater: false }
  }
  if (node.type === 'ClassExpression') return { parameters: [], rest: null, isClass: true, isLater: false }
  const { params, async, generator } = node
  const last = params.at(-1)
  const rest = last?.type === 'RestElement' ? last : undefined
  return {
    parameters: (rest ? params.slice(0, -1) : params).map(nameOf),
    rest: rest ? (nameOf(rest.argument) ?? '') : null,
    isClass: false,
    isLater: async === true || generator === true,
  }
}

type Callable = ArrowFunctionExpression | FunctionExpression | ClassExpression

/** A method is no expression by itself. Of native and bound functions there is no source. */
function parse(text: string): Callable | undefined {
  const options = { ecmaVersion: 'latest', checkPrivateFields: false } as const
  for (const source of [`(${text})`, `({${text}})`]) {
    try {
      const node = parseExpressionAt(source, 0, options)
      if (node.type !== 'ObjectExpression') return node as Callable
      const [property] = node.properties
      if (property?.type === 'Property') return property.value as Callable
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
    }
  }
  return undefined
}

function nameOf(pattern: Pattern): string | null {
  if (pattern.type === 'Identifier') return pattern.name
  return pattern.type === 'AssignmentPattern' ? nameOf(pattern.left) : null
}

/** `f(x, w)`; the name alone, where no parameter has one, as of custom operations and of bound functions. */
export function callText(name: string, { parameters, rest }: Signature): string {
  const unnamed = parameters.every((p) => p === null)
  if (unnamed && (parameters.length > 0 || rest !== null)) return name
  return `${name}(${[...parameters.map((p) => p ?? '…'), ...(rest === null ? [] : [`...${rest}`])].join(', ')})`
}

/** What the tensor at `path` in argument i is called: `x`, `options.weights`, `inputs[1]`. */
export function argumentName({ parameters }: Signature, i: number, path: string): string {
  const name = parameters[i]
  if (name === null && path !== '') return path.slice(1)
  return `${name ?? `inputs[${i}]`}${path}`
}
