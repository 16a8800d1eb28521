/**
 * The page of an op, made from its definition and from the comment above it: what stands there cannot disagree with what
 * runs. `operations.test.ts` keeps the pages in docs/operations/.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ElementwiseDefinition, Point } from '../../src/ops/kinds/elementwise.ts'
import type { Op } from '../../src/ops/kinds/op.ts'
import { texName, toTex } from '../../src/scalar/index.ts'

const folder = fileURLToPath(new URL('../../src/ops', import.meta.url))
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => readFileSync(join(folder, file), 'utf8'))

/** The comment above the export of that name, without its stars. */
export function commentOf(name: string): string {
  for (const text of sources) {
    const place = text.search(new RegExp(`^export const ${name}\\b`, 'm'))
    if (place < 0) continue
    const start = text.lastIndexOf('/**', place)
    const end = text.indexOf('*/', start)
    if (start < 0 || text.slice(end + 2, place).trim() !== '') return ''
    return text
      .slice(start + 3, end)
      .replaceAll(/^\s*\* ?/gm, '')
      .trim()
  }
  return ''
}

const kinds = {
  elementwise: 'elementwise: one element of the result for each of the operands, which broadcast',
  view: 'view: the same elements under another index map',
  reduce: 'reduce: a monoid folded over dimensions',
  contract: 'contract: a sum of products',
  routine: 'routine: a kernel and both derivative rules by hand',
}

export function pageOf(op: Op): string {
  const [text, ...tags] = commentOf(op.name).split(/\s*(?=^@|\s@example)/m)
  const example = tags
    .map((t) => t.trim())
    .find((t) => t.startsWith('@example'))
    ?.slice('@example'.length)
    .trim()
  const rest = tags.map((t) => t.trim()).filter((t) => t.startsWith('@') && !t.startsWith('@example'))
  const parts = [`# ${op.name}`, text.replaceAll(/\s*\n\s*/g, ' ')]
  if (rest.length > 0)
    parts.push(rest.map((t) => `- ${t.replace(/^@(\w+)/, '**$1**').replaceAll(/\s*\n\s*/g, ' ')}`).join('\n'))
  parts.push(`Kind: ${kinds[op.kind]}.`)
  if (op.kind === 'elementwise') parts.push(...formulas(op))
  else if (!op.differentiable) parts.push('No derivative: nothing flows back through the result.')
  if (example) parts.push('```ts', example, '```')
  return `${parts
    .join('\n\n')
    .replaceAll('```ts\n\n', '```ts\n')
    .replaceAll('\n\n```\n', '\n```\n')
    .replace(/\n\n```$/, '\n```')}\n`
}

const display = (tex: string): string => `$$${tex}$$`

function formulas(op: ElementwiseDefinition): string[] {
  const defaults = op.args.flatMap((a) => (a in op.defaults ? [`${a} = ${op.defaults[a]}`] : []))
  const parts = [
    `Arguments: ${op.args.join(', ')}${defaults.length > 0 ? `, where not given ${defaults.join(', ')}` : ''}.`,
  ]
  parts.push(display(`y = ${op.tex ?? toTex(op.formula)}`))
  if (!op.differentiable) return [...parts, 'No derivative: nothing flows back through the result.', ...points(op)]
  const slopes = op.args.map((a, i) =>
    display(`\\frac{\\partial y}{\\partial ${texName(a)}} = ${toTex(op.partials[i])}`),
  )
  return [...parts, ...slopes, ...points(op)]
}

function points(op: ElementwiseDefinition): string[] {
  if (!op.points?.length) return []
  const slopes = op.differentiable ? op.args.map((a) => `∂y/∂${a}`) : []
  const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  const head = [...op.args, 'y', ...slopes]
  const body = op.points.map(({ at, y, partials }: Point) =>
    row([...at, y, ...slopes.map((_, i) => partials?.[i] ?? '')].map(number)),
  )
  return ['Decided and tested at these points:', [row(head), row(head.map(() => '---')), ...body].join('\n')]
}

const number = (x: string | number): string =>
  typeof x === 'number' ? String(Object.is(x, -0) ? 0 : Number(x.toPrecision(6))) : x
