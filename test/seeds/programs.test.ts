/**
 * The programs in examples/seeds, each run as it stands: what it prints is what its article's listing prints (the
 * case's `stdout`), apart from blanks, times, and the lines in which the article errs.
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { exercises } from '../../src/explain/index.ts'
import { cases } from './cases.ts'
import { type Listing, listings } from './listings.ts'

const folder = new URL('../../examples/seeds/', import.meta.url)

/** What a program prints, line by line. */
async function linesOf(program: string): Promise<string[]> {
  const printed: string[] = []
  vi.spyOn(console, 'log').mockImplementation((...parts: unknown[]) => void printed.push(parts.join(' ')))
  process.argv = [process.execPath, program]
  await import(new URL(`${program}.ts`, folder).href)
  return printed.join('\n').split('\n')
}

afterEach(() => {
  vi.restoreAllMocks()
})

const collapsed = (line: string): string => line.replaceAll(/\s+/g, ' ').trim()

/** `<ms>` and `<n>` stand for measured numbers. */
const matcher = (line: string): string | RegExp => {
  const text = collapsed(line)
  if (!/<(ms|n)>/.test(text)) return text
  const literal = text.split(/<ms>|<n>/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${literal.join('\\d+(?:\\.\\d+)?')}$`)
}

function expected({ id, corrected = {}, further = [] }: Listing): (string | RegExp)[] {
  const stdout = cases.find((entry) => entry.id === id)?.stdout ?? []
  expect(stdout).toEqual(expect.arrayContaining(Object.keys(corrected)))
  return [...stdout.map((line) => corrected[line] ?? matcher(line)), ...further]
}

function expectInOrder(lines: readonly string[], wanted: readonly RegExp[]): void {
  let from = 0
  for (const line of wanted) {
    const at = lines.findIndex((text, i) => i >= from && line.test(text))
    expect(at, `${line} after line ${from} of\n${lines.join('\n')}`).toBeGreaterThanOrEqual(0)
    from = at + 1
  }
}

describe('programs', () => {
  test.each(Object.entries(listings))('%s prints what its listing does', async (program, listing) => {
    const lines = (await linesOf(program)).map(collapsed)
    if (listing.among) return expectInOrder(lines, listing.among)
    const wanted = expected(listing)
    expect(lines.length, lines.join('\n')).toBe(wanted.length)
    for (const [i, line] of wanted.entries()) {
      if (typeof line === 'string') expect(lines[i]).toBe(collapsed(line))
      else expect(lines[i]).toMatch(line)
    }
  })

  test('003-exercises prints all of the exercises', async () => {
    const printed = collapsed((await linesOf('003-exercises')).join(' '))
    const parts = exercises().flatMap(({ title, prompt, solution }, i) => [
      `${i + 1}. ${title} ${prompt}`,
      ...solution.map(({ says, formula }) => `- ${says} ${formula}`),
    ])
    expect(printed).toBe(parts.join(' '))
  })

  test('every listing whose output is known has its program, and every program a listing', () => {
    const known = cases.filter(({ stdout }) => stdout !== undefined).map(({ id }) => id)
    const followed = Object.values(listings).flatMap(({ id }) => (id === undefined ? [] : [id]))
    expect(followed.filter((id) => known.includes(id)).sort()).toEqual(known.sort())
    const programs = readdirSync(folder).filter((name) => /^\d{3}-.*\.ts$/.test(name))
    expect(programs.map((name) => name.slice(0, -'.ts'.length))).toEqual(
      [...Object.keys(listings), '003-exercises'].sort(),
    )
  })

  test('every program opens with the article and the place that it follows', () => {
    for (const program of [...Object.keys(listings), '003-exercises']) {
      const text = readFileSync(new URL(`${program}.ts`, folder), 'utf8').replaceAll(/\n \* /g, ' ')
      expect(text, program).toMatch(new RegExp(`^/\\*\\* Article ${program.slice(0, 3)}, `))
    }
  })

  test('the compiled ones run by themselves', () => {
    const run = (program: string, ...args: string[]) =>
      execFileSync(process.execPath, [`dist-examples/seeds/${program}.js`, ...args], {
        cwd: fileURLToPath(new URL('../..', import.meta.url)),
        encoding: 'utf8',
      })
    expect(run('003-finite-differences').split('\n').slice(0, 1)).toEqual(['Analytical: 0.120130'])
    expect(run('003-exercises', '1', '0.489')).toBe('dy/dw: Right: 0.4889.\n')
    expect(run('003-exercises', '3', '1')).toBe(
      '∂a1₁/∂z1₁: That was the ReLU. The slope of a sigmoid is σ(z)(1 − σ(z)).\n∂L/∂W1₁₁: no answer\n',
    )
  })
})
