/** `chainrule check` as a command: what it cannot check, what it says of mistakes, long checks and their end. */
import { spawn } from 'node:child_process'
import { describe, expect, it, vi } from 'vitest'
import { check, command, cwd, told } from './run-check.ts'

vi.setConfig({ testTimeout: 120_000 })

describe('what cannot be checked', () => {
  it('is told, and is no failure beside what is right', async () => {
    const { code, of } = await told('unchecked.ts')
    expect(code).toBe(0)
    const problems = Object.entries(of).map(([name, { problem }]) => [name, problem?.text])
    expect(Object.fromEntries(problems)).toEqual({
      fits: undefined,
      label: 'it returns no tensor but a string; what is differentiated must be a tensor',
      largest: 'it returns int32, which has no derivative',
      later: 'it does not return its result at once (it is async or a generator), as it must',
      project:
        'it could not be run with random tensors of any likely shape; say what it takes: export const inputs = ' +
        '{ project: [...] }. With [2, 3]: matmul: inner sizes differ: [2, 3] @ [17, 2]',
      train: 'it takes no arguments; if it closes over tensors, say which: export const inputs = { train: [...] }',
    })
    expect(of.project.problem?.place).toMatchObject({ path: 'unchecked.ts', line: 5 })
    const { stdout } = await check('unchecked.ts')
    expect(stdout).toContain('Left out: Helper (a class), rate (a number), w (a tensor).')
  })

  it('is a failure where it was asked for by name, or with inputs', async () => {
    expect((await check('unchecked.ts', '--export', 'label', '--export', 'fits')).code).toBe(2)
    const { code, stdout } = await check('throws.ts')
    expect(code).toBe(2)
    expect(stdout).toContain('! strict(x): not checked: it throws RangeError: two rows are wanted\n  (throws.ts:4:31)')
  })

  it.each([
    [['nothing.ts'], 'nothing.ts: it exports nothing; chainrule check looks at the functions and modules'],
    [
      ['right.ts', '--export', 'swich'],
      "right.ts: there is no export 'swich'; did you mean swish?; its exports are affine,",
    ],
    [['misspelt.ts'], "misspelt.ts: inputs has arguments for 'swissh', which is not exported; did you mean swish?"],
    [['right.ts', '--ordre', '1'], '--order'],
    [['right.ts', '--order', '3'], 'check: --order is one of 2, 1; got '],
    [['right.ts', 'wrong.ts'], 'check: takes one script, got 2: right.ts wrong.ts'],
    [[], 'check: which script?'],
    [['missing.ts'], 'missing.ts: there is no such file'],
  ])('%j is a message and exit code 2', async (args, message) => {
    const { code, stdout, stderr } = await check(...args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
  })
})

describe('a long check', () => {
  it('says how far it is, and nothing of what the functions print', async () => {
    const { code, stderr, stdout } = await check('slow.ts')
    expect([code, stdout.includes('called')]).toEqual([0, false])
    expect(stderr).toMatch(/^checking talking: \d+ of about \d+ evaluations\n$/)
  })

  it('ends in time, and says what would take less', async () => {
    const { code, stderr } = await check('slow.ts', '--timeout', '1')
    expect(code).toBe(2)
    expect(stderr).toMatch(
      /slow\.ts.* did not end within 1 s(?:.|\n)*More time: --timeout 600\. Less work for the check: --mode fast/,
    )
  })

  it('can be interrupted', async () => {
    const child = spawn(process.execPath, [command, 'check', 'slow.ts'], { cwd, stdio: ['ignore', 'ignore', 'pipe'] })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
      if (stderr.includes('checking') && !child.killed) child.kill('SIGINT')
    })
    const code = await new Promise((resolve) => child.once('close', resolve))
    expect([code, stderr.endsWith('chainrule: slow.ts: interrupted\n')]).toEqual([130, true])
  })
})

it('explains itself', async () => {
  const { code, stdout } = await check('--help')
  expect(code).toBe(0)
  for (const word of ['Usage:', 'export const inputs', '--export', '--mode', 'Exit codes'])
    expect(stdout).toContain(word)
})
