/** What a program that has only run forward is missing: the line that asks for its gradients. */
import type { Trace } from 'chainrule/explain'

export interface Missing {
  /** As in `loss.backward()`. */
  readonly line: string
  /** Whether the line can stand at the end of the program as it is: its name is one of the outermost block. */
  readonly isSafe: boolean
}

/** The last single number that was computed from parameters is what a program is about. */
export function missing({ nodes, sources }: Trace): Missing {
  const numbers = nodes.filter(({ kind, requiresGrad, value }) => kind === 'result' && requiresGrad && isOne(value))
  const name = numbers.at(-1)?.name ?? ''
  const isSafe = Object.values(sources).some((source) => isOutermost(source, name))
  return { line: `${isSafe ? name : 'loss'}.backward()`, isSafe }
}

const isOne = ({ shape }: { readonly shape: readonly number[] }): boolean => shape.every((size) => size === 1)

/** Declarations of the outermost block are those that are not indented. */
const isOutermost = (source: string, name: string): boolean =>
  /^[\w$]+$/.test(name) && new RegExp(`^(?:const|let|var) ${name.replaceAll('$', '\\$')}\\b`, 'm').test(source)
