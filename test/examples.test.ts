/**
 * Examples in the documentation are programs: every `@example code // value` of the sources and every ```ts block of
 * the README is run. A value is compared after rounding to four decimals.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { explainFormula } from '../src/cli/explain-formula.ts'
import * as data from '../src/data/index.ts'
import * as explanations from '../src/explain/index.ts'
import * as instrumenting from '../src/explain/instrument/index.ts'
import * as chainrule from '../src/index.ts'
import * as nn from '../src/nn/index.ts'
import * as reduce from '../src/ops/reduce/index.ts'
import * as routine from '../src/ops/routine/index.ts'
import * as optim from '../src/optim/index.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const explained = { ...explanations, ...instrumenting }
const scope: Record<string, unknown> = { ...reduce, ...routine, ...data, ...explained, ...chainrule, nn, optim, data }

/** What a program evaluates to: the value of its last expression. */
function run(code: string): unknown {
  const statements = code.trim().replace(/;$/, '').split(';')
  const body = `${statements.slice(0, -1).join(';')};return (${statements.at(-1)})`
  return new Function(...Object.keys(scope), body)(...Object.values(scope))
}

/** Tensors as nested arrays, numbers with four decimals. */
function plain(value: unknown): unknown {
  if (value instanceof chainrule.Tensor) return plain(value.toArray())
  if (typeof value === 'number') return Math.round(value * 1e4) / 1e4 + 0
  if (Array.isArray(value)) return value.map(plain)
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array, plain)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]))
  return value
}

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(
  (f) => f.endsWith('.ts') && !f.endsWith('.test.ts'),
)

const examplesOf = (file: string): string[] =>
  [...readFileSync(join(root, 'src', file), 'utf8').matchAll(/@example (.+?)\s*(?:\*\/|\n)/g)].map((m) => m[1])

describe.each(sources.sort().filter((file) => examplesOf(file).length > 0))('examples of %s', (file) => {
  const examples = examplesOf(file)
  for (const example of examples) {
    it(example, () => {
      const [code, expected] = example.split(/ \/\/ (?!.* \/\/ )/)
      const value = plain(run(code))
      if (expected !== undefined)
        expect(value).toEqual(plain(run(expected.startsWith('{') ? `(${expected})` : expected)))
    })
  }
})

describe.each(['README.md', 'docs/trace-format.md', 'docs/compile.md'])('%s', (page) => {
  const blocks = [...readFileSync(join(root, page), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)].map((m) => m[1])
  it('has examples', () => expect(blocks.length).toBeGreaterThan(0))
  it.each(blocks)('%s', async (block) => {
    const body = block.replace(/^import .*$/gm, '').replaceAll('console.log', 'log')
    const printed: string[] = []
    const log = (...args: unknown[]) =>
      printed.push(args.map((x) => (Array.isArray(x) ? JSON.stringify(x).replaceAll(',', ', ') : String(x))).join(' '))
    const program = new Function(...Object.keys(scope), 'log', `return (async () => {${body}})()`)
    await program(...Object.values(scope), log)
    const expected = [...block.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map((m) => m[1])
    expect(printed.slice(0, expected.length)).toEqual(expected)
  })
})

describe('the explanation in README.md', () => {
  it('is what the command prints', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8')
    const [, formula, at, wrt] = readme.match(/chainrule explain "(.+)" --at (\S+) --wrt (\S+)/)!
    const print = { width: 80, color: false }
    const request = {
      wrt: [wrt],
      paths: null,
      detail: 'function',
      format: 'text',
      table: false,
      call: null,
      print,
    } as const
    expect(readme).toContain(`\`\`\`\n${explainFormula(formula, at, request).trimEnd()}\n\`\`\``)
  })
})
