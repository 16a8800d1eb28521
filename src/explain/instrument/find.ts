/** Places in a program that messages point at: where something is imported, and where the module itself waits. */
import type { AnyNode } from 'acorn'
import { Lines, type Position } from './lines.ts'
import { parseModule } from './parse.ts'
import { type Place, walk } from './tree.ts'

/** Where a module imports from `specifier`, or from below it where that is a package, or exports from there. */
export function findImport(source: string, path: string, specifier: string): Position | undefined {
  return find(source, path, ({ node }) =>
    'source' in node && isText(node.source, specifier) ? node.source : undefined,
  )[0]
}

const isText = (node: AnyNode | null | undefined, text: string): node is AnyNode =>
  node?.type === 'Literal' && (node.value === text || String(node.value).startsWith(`${text}/`))

/** Every `await` outside of functions. */
export function findAwaits(source: string, path: string): Position[] {
  return find(source, path, (place) => {
    const { node } = place
    const awaits = node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await)
    return awaits && !isInFunction(place) ? node : undefined
  })
}

const isInFunction = ({ parent }: Place): boolean =>
  parent !== undefined && (/Function|StaticBlock/.test(parent.node.type) || isInFunction(parent))

function find(source: string, path: string, pick: (place: Place) => AnyNode | undefined): Position[] {
  const { program, code, original } = parseModule(source, path)
  const lines = new Lines(code)
  const offsets: number[] = []
  walk(program, (place) => {
    const node = pick(place)
    if (node) offsets.push(node.start)
  })
  return offsets.sort((a, b) => a - b).map((offset) => original(lines.position(offset)))
}
