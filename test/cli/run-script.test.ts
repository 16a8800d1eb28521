/**
 * Scripts in processes of their own: what comes back from those that end well, and what is said of all the others. It
 * is the compiled library that runs them, as it is for users.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it, test, vi } from 'vitest'
import type * as Scripts from '../../src/cli/script/index.ts'

vi.setConfig({ testTimeout: 60_000 })

const dist = new URL('../../dist/', import.meta.url)
const { runScript, ScriptError }: typeof Scripts = await import(new URL('cli/script/index.js', dist).href)

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'scripts-')))
afterAll(() => rmSync(folder, { recursive: true }))

/** Writes files, runs the first and gives its result and what it printed. */
async function run(files: Record<string, string>, options: Partial<Scripts.RunOptions<'run'>> = {}) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const printed = { stdout: '', stderr: '' }
  const onOutput = (text: string, stream: 'stdout' | 'stderr') => {
    printed[stream] += text
  }
  const script = join(folder, Object.keys(files)[0])
  const result = await runScript(script, { task: 'run', options: {}, timeoutMs: 60_000, onOutput, ...options })
  return { ...result, ...printed }
}

/** What is said of a script that gives no result. */
async function failureOf(files: Record<string, string>, options: Partial<Scripts.RunOptions<'run'>> = {}) {
  const error = await run(files, options).then(
    ({ stdout }) => new Error(`it ran: ${stdout}`),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ScriptError)) throw error
  return { reason: error.reason, text: error.message.replaceAll(`${folder}/`, ''), place: error.place }
}

describe('a script that ends well', () => {
  it('runs in TypeScript, with imports of every kind, and is told its arguments', async () => {
    const files = {
      'good.ts': `
        import { type DType, Tensor, tensor } from 'chainrule'
        import { Linear } from 'chainrule/nn'
        import { Tensor as Same } from '${new URL('index.js', dist).href}'
        import { three } from './legacy.cjs'
        import { double } from './lib'
        import { half } from './lib/half.js'
        import { installed } from 'installed'
        import data from './data.json' with { type: 'json' }
        enum Mode { Train, Test = 5 }
        const dtype: DType = 'float64'
        export const w = tensor([data.weight], { requiresGrad: true, dtype })
        export const loss = w.mul(double(half(three))).sum()
        loss.backward()
        export default new Linear(2, 1)
        console.log(w.grad!.toArray(), w instanceof Tensor, Same === Tensor, Mode.Test, installed)
        console.log(process.argv[1] === import.meta.filename, process.argv.slice(2), process.env.EXAMPLE)
        console.error('aside')`,
      'data.json': '{ "weight": 2 }',
      'legacy.cjs': 'exports.three = 3',
      'lib/index.ts': 'export const double = (x: number): number => x * 2',
      'lib/half.ts': 'export const half = <T extends number>(x: T): number => x / 2',
      'node_modules/installed/package.json': '{ "type": "module", "exports": "./index.js" }',
      'node_modules/installed/index.js': 'let installed = 0; installed += 1; export { installed }',
    }
    const { exports, stdout, stderr } = await run(files, { args: ['a', '--b'], env: { EXAMPLE: 'example' } })
    expect(exports).toEqual(['default', 'loss', 'w'])
    expect(stdout).toBe("[ 3 ] true true 5 1\ntrue [ 'a', '--b' ] example\n")
    expect(stderr).toBe('aside\n')
  })

  it('is observed, with all the modules of its own', async () => {
    const files = {
      'observed.ts': `
        import { told } from 'observer'
        import { helper } from './helper'
        const a: number = helper(1)
        for (const x of [a]) console.log(told.join(' '))`,
      'node_modules/observer/package.json': '{ "type": "module", "exports": "./index.js" }',
      'node_modules/observer/index.js': `
        export const told = []
        const file = (path) => ({
          name: (value, name, line, column) => (told.push([path.split('/').at(-1), name, line, column].join(':')), value),
          loop: () => {}, iteration: () => {}, endLoop: () => {},
        })
        globalThis[Symbol.for('chainrule.observer')] = { file }`,
      'helper.mts': 'export const helper = (x: number) => x',
      'helper.ts': 'export const helper = (p: number) => {\n  const q = p\n  return q }',
    }
    expect((await run(files)).stdout).toBe('helper.ts:p:1:24 helper.ts:q:2:9 observed.ts:a:4:15 observed.ts:x:5:20\n')
  })

  it('may go on after its last line, handle its own rejections, and exit when it is done', async () => {
    const later = 'export const a = 1\nsetTimeout(() => console.log("later"), 20)\nconsole.log("first")'
    expect(await run({ 'later.js': later })).toMatchObject({ exports: ['a'], stdout: 'first\nlater\n' })
    const handles = "process.on('unhandledRejection', () => console.log('handled'))\nPromise.reject(new Error('x'))"
    expect((await run({ 'handles.mjs': handles })).stdout).toBe('handled\n')
    const exits = 'console.log("done")\nprocess.exit()\nconsole.log("never")'
    expect(await run({ 'exits.mts': exits })).toMatchObject({ exports: [], stdout: 'done\n' })
  })

  it('gives a large result whole', async () => {
    const names = Array.from({ length: 8 }, (_, i) => `${i}`.repeat(1 << 20))
    const exports = names.map((name) => `a as "${name}"`)
    expect((await run({ 'large.js': `const a = 1; export { ${exports} }` })).exports).toEqual(names)
  })

  it('is told of when it has another version of this package', async () => {
    const files = { 'other/a.js': '', 'other/node_modules/chainrule/package.json': '{ "version": "0.0.1" }' }
    expect((await run(files)).stderr).toMatch(/other.a\.js: runs with chainrule [\d.]+, although .*other has 0\.0\.1\n/)
  })
})

describe('a script that cannot be read', () => {
  test.each([
    ['missing', { 'folder/a.js': '' }, 'nowhere.ts', 'nowhere.ts: there is no such file'],
    ['missing', { 'folder/a.js': '' }, 'folder', 'folder: this is a folder; name a script in it'],
    ['unsupported', { 'view.tsx': '' }, 'view.tsx', 'view.tsx: JSX cannot be observed'],
    ['unsupported', { 'data.json': '{}' }, 'data.json', 'data.json: a script ends in .ts, .js, .mts, .mjs'],
  ] as const)('%s: %s %s', async (reason, files, path, text) => {
    await run({ 'nothing.js': '', ...files })
    await expect(runScript(join(folder, path), { task: 'run', options: {} })).rejects.toMatchObject({
      reason,
      exitCode: 2,
      message: `${folder}/${text}`,
    })
  })

  test.each([
    [
      { 'common.js': "const { tensor } = require('chainrule')\nmodule.exports = tensor" },
      'common.js: this is a CommonJS module (require, module.exports); only ES modules can be observed, which have import and export',
    ],
    [
      { 'wrong.ts': 'const a: T = 1\nconst b = = 2' },
      'wrong.ts:2:11: Unexpected token\n  2 | const b = = 2\n    |           ^',
    ],
    [
      { 'uses.js': "import './wrong.js'", 'wrong.js': 'let a, a' },
      "wrong.js:1:8: Identifier 'a' has already been declared\n  1 | let a, a\n    |        ^",
    ],
    [
      { 'a.ts': "import type { T } from 'x'\nimport { a } from './nowhere'" + '\na' },
      "a.ts:2:19: cannot find './nowhere'\n  2 | import { a } from './nowhere'\n    |                   ^",
    ],
    [
      { 'a.js': "import a from 'no-such-package/deep'" },
      "a.js:1:15: cannot find the package 'no-such-package'; is it installed?\n  1 | import a from 'no-such-package/deep'\n    |               ^",
    ],
    [
      { 'a.js': "import {\n  tensor, tensr as t } from 'chainrule'" },
      "a.js:2:11: 'chainrule' has no export 'tensr'\n  2 |   tensor, tensr as t } from 'chainrule'\n    |           ^",
    ],
    [
      { 'a.js': "export * from 'chainrule/nothing'" },
      "a.js:1:15: there is no 'chainrule/nothing'\n  1 | export * from 'chainrule/nothing'\n    |               ^",
    ],
    [
      { 'a.js': "const { a } = await import('./d.json')", 'd.json': '{}' },
      "a.js:1:28: JSON is imported as data: import x from './d.json' with { type: 'json' }\n  1 | const { a } = await import('./d.json')\n    |                            ^",
    ],
  ])('%j', async (files, text) => expect((await failureOf(files)).text).toBe(text))
})

describe('a script that does not end well', () => {
  test.each([
    [
      'threw',
      "import { tensor } from 'chainrule'\nconst f = (x: number) => tensor([1, 2]).add(tensor([1, 2, x]))\n\nfor (const x of [3]) f(x)",
      'a.ts:2:41: ShapeError: add: shapes [2] and [3] do not broadcast: sizes 2 and 3 at dimension -1 differ and neither is 1\n' +
        '  2 | const f = (x: number) => tensor([1, 2]).add(tensor([1, 2, x]))\n    |                                         ^\n  called at a.ts:4:22',
    ],
    [
      'threw',
      'setTimeout(() => {\n  const x = null as any; x.y }, 5)',
      "a.ts:2:28: TypeError: Cannot read properties of null (reading 'y')\n  2 |   const x = null as any; x.y }, 5)\n    |                            ^",
    ],
    [
      'threw',
      "async function main() {\n  await null\n  throw new RangeError('no data', { cause: new Error('empty') })\n}\nmain()",
      "a.ts:3:9: RangeError: no data\n  3 |   throw new RangeError('no data', { cause: new Error('empty') })\n    |         ^\n  caused by Error: empty",
    ],
    ['threw', "throw 'text'", "a.ts: threw 'text'; only an Error tells where it comes from: throw new Error(...)"],
    [
      'exited',
      'if (process.argv) {\n  process.exit(3)\n}',
      'a.ts:2:11: the script ended itself with process.exit(3)\n  2 |   process.exit(3)\n    |           ^',
    ],
    [
      'stalled',
      'const x = new Promise<number>(() => {})\n\nexport const y = 1 + (await x)',
      'a.ts:3:23: the script waits for a promise that nothing is left to settle\n  3 | export const y = 1 + (await x)\n    |                       ^',
    ],
    [
      'crashed',
      "process.kill(process.pid, 'SIGSEGV')\nsetTimeout(() => {}, 1e5)",
      'a.ts: its process ended without a word (SIGSEGV)',
    ],
  ])('%s: %s', async (reason, source, text) => {
    const failure = await failureOf({ 'a.ts': source })
    expect(failure).toMatchObject({ reason, text })
  })

  test.each([
    [
      'let i = 0\nfunction f() {\n  while (i >= 0) { i += 1 }\n}\nf()',
      'a.ts:3:3: the script did not end within 2 s; it was here\n  3 |   while (i >= 0) { i += 1 }\n    |   ^',
    ],
    [
      'setInterval(() => {}, 1e3)\nawait new Promise(() => {})',
      'a.ts:2:1: the script did not end within 2 s; it waits\n  2 | await new Promise(() => {})\n    | ^',
    ],
    [
      'setInterval(() => {}, 1e3)',
      'a.ts: the script did not end within 2 s: a timer, socket or process keeps it alive',
    ],
  ])('timeout: %s', async (source, text) => {
    const failure = await failureOf({ 'a.ts': source }, { timeoutMs: 2000 })
    expect(failure.reason).toBe('timeout')
    // Where a loop is interrupted is a matter of luck within its lines.
    expect(failure.text.replace(/a\.ts:3:\d+/, 'a.ts:3:3').replace(/\n.*\^$/, '')).toBe(text.replace(/\n.*\^$/, ''))
  })

  it('says so when memory runs out, without what V8 prints', async () => {
    const source = 'const all: number[][] = []\nfor (;;) all.push(new Array(1e5).fill(all.length))'
    let stderr = ''
    const options = {
      env: { NODE_OPTIONS: '--max-old-space-size=64' },
      onOutput: (text: string) => void (stderr += text),
    }
    const { reason, text } = await failureOf({ 'a.ts': source }, options)
    expect([reason, stderr.trim()]).toEqual(['memory', ''])
    expect(text).toMatch(/^a\.ts: ran out of memory/)
  })
})

describe('the process that runs a script', () => {
  const program = `
    import { runScript } from '${new URL('cli/script/index.js', dist).href}'
    runScript(process.argv[1], { task: 'run', options: {} }).catch((error) => {
      console.log(error.message)
      process.exitCode = error.exitCode
    })`

  /** Starts one on a script without an end, and gives it with the number of the script's process. */
  async function start() {
    const script = join(folder, 'endless.js')
    writeFileSync(script, 'console.log(process.pid)\nfor (;;);')
    const runner = spawn(process.execPath, ['--input-type=module', '--eval', program, script])
    const pid = await new Promise<number>((resolve) => runner.stderr.on('data', (text) => resolve(Number(text))))
    return { runner, pid }
  }

  const isAlive = (pid: number): boolean => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }

  it('takes the script with it at Ctrl-C, and says so', async () => {
    const { runner, pid } = await start()
    let stdout = ''
    runner.stdout.on('data', (text) => {
      stdout += text
    })
    runner.kill('SIGINT')
    const code = await new Promise((resolve) => runner.on('close', resolve))
    expect({ code, stdout }).toEqual({ code: 130, stdout: `${folder}/endless.js: interrupted\n` })
    expect(isAlive(pid)).toBe(false)
  })

  it('does not leave the script behind when it is killed', async () => {
    const { runner, pid } = await start()
    runner.kill('SIGKILL')
    await expect.poll(() => isAlive(pid), { timeout: 30_000 }).toBe(false)
  })
})
