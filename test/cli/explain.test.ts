/**
 * `chainrule explain` and `chainrule derive` from end to end: the compiled command in processes of its own, what it
 * prints and where, and how it ends. What it says of mistakes in the command line is in explain-messages.test.ts.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { readTrace } from 'chainrule/explain'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { displayWidth } from '../../src/explain/render/width.ts'

// Processes take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const command = fileURLToPath(new URL('../../dist/cli/index.js', import.meta.url))
const scripts = fileURLToPath(new URL('fixtures/explain/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'explain-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Run {
  readonly code: number | string
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command in the folder of the scripts, as if in a pipe. */
function chainrule(args: readonly string[], { input = '', env = {} } = {}): Promise<Run> {
  const { FORCE_COLOR, NO_COLOR, COLUMNS, ...own } = process.env
  return new Promise((resolve) => {
    const options = { cwd: scripts, env: { ...own, ...env }, encoding: 'utf8' } as const
    const child = execFile(process.execPath, [command, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    )
    child.stdin!.end(input)
  })
}

const neuron = ['explain', 'L = (w*x + b)^2', '--at', 'w=2,x=3,b=1']

describe.concurrent('a formula', () => {
  test('is explained in 80 columns, the answers first', async () => {
    const { code, stdout, stderr } = await chainrule(neuron)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatchInlineSnapshot(`
      "L = (w*x + b)^2
      ═══════════════

      L = 49, and its derivatives are

        ∂L/∂w = 42
        ∂L/∂x = 28
        ∂L/∂b = 14

      The values in the order in which they were made
      #  name  computed by  value  gradient
      ─  ────  ───────────  ─────  ────────
      0  w     parameter        2        42
      1  x     parameter        3        28
      2  v1    mul(w, x)        6        14
      3  b     parameter        1        14
      4  v2    add(v1, b)       7        14
      5  L     pow(v2, 2)      49         1

      ∂L/∂w = 42

      L = 49 at w = 2. One path leads from L to w.

        ∂L/∂w = ∂L/∂v2 · ∂v2/∂w
              = 2·v2 · x
              = 14 × 3
              = 42

      The factors
      factor   through  rule  with numbers  value
      ───────  ───────  ────  ────────────  ─────
      ∂L/∂v2   pow      2·v2  2·7              14
      ∂v2/∂w   mul      x     3                 3
      product                                  42

      ✓ The central difference says 42; the gradient is 42.

      ∂L/∂x = 28

      L = 49 at x = 3. One path leads from L to x.

        ∂L/∂x = ∂L/∂v2 · ∂v2/∂x
              = 2·v2 · w
              = 14 × 2
              = 28

      The factors
      factor   through  rule  with numbers  value
      ───────  ───────  ────  ────────────  ─────
      ∂L/∂v2   pow      2·v2  2·7              14
      ∂v2/∂x   mul      w     2                 2
      product                                  28

      ✓ The central difference says 28; the gradient is 28.

      ∂L/∂b = 14

      L = 49 at b = 1. One path leads from L to b.

        ∂L/∂b = 2·v2
              = 14

      The factors
      factor   through  rule  with numbers  value
      ───────  ───────  ────  ────────────  ─────
      ∂L/∂b    pow      2·v2  2·7              14
      product                                  14

      ✓ The central difference says 14; the gradient is 14.
      "
    `)
  })

  test('is explained by one name in a narrow terminal in colour', async () => {
    const { stdout } = await chainrule([...neuron, '--wrt', 'x'], { env: { FORCE_COLOR: '1', COLUMNS: '40' } })
    expect(stdout.startsWith('\u001b[1m∂L/∂x = 28\u001b[0m\n')).toBe(true)
    const plain = stripVTControlCharacters(stdout)
    expect(Math.max(...plain.split('\n').map(displayWidth))).toBeLessThanOrEqual(40)
  })

  test('can come through a pipe and go into a file, in the format that its name says', async () => {
    const file = join(folder, 'loss.json')
    const input = 'z = w*x  # weighted\nL = z^2\n'
    const { code, stdout, stderr } = await chainrule(['explain', '-', '--at', 'w=2, x=3', '--out', file], { input })
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: `wrote ${file}\n` })
    const { explanations, ...trace } = JSON.parse(readFileSync(file, 'utf8'))
    expect(readTrace(trace).nodes.map(({ name }) => name)).toEqual(['w', 'x', 'z', 'L'])
    expect(explanations.map(({ input, gradient }: Record<string, unknown>) => [input, gradient])).toEqual([
      ['w', 36],
      ['x', 24],
    ])
  })

  test('leaves a file as it was when it fails, and nothing beside it', async () => {
    const file = join(folder, 'kept.txt')
    writeFileSync(file, 'before')
    const { code, stdout, stderr } = await chainrule(['explain', 'L = sigmod(w)', '--at', 'w=1', '--out', file])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toBe(
      "chainrule: formula: unknown function 'sigmod'; did you mean sigmoid?\nline 1, column 5:\n  L = sigmod(w)\n      ^^^^^^\n",
    )
    expect(readFileSync(file, 'utf8')).toBe('before')
    expect(readdirSync(folder).filter((name) => name.includes('kept'))).toEqual(['kept.txt'])
  })
})

describe.concurrent('a script', () => {
  test('is explained by what it called backward on; what it prints goes to stderr', async () => {
    const { code, stdout, stderr } = await chainrule(['explain', 'neuron.ts'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'the loss is 0.07232947647571564\n' })
    expect(stdout.split('\n').slice(0, 29).join('\n')).toMatchInlineSnapshot(`
      "neuron.ts
      ═════════

      backward() was called on loss at neuron.ts:8.

      loss = 0.07233, and its derivatives are

        ∂loss/∂w = -0.2115
        ∂loss/∂b = -0.1058

      The values in the order in which they were made
      #  name  computed by    value  gradient  where
      ─  ────  ───────────  ───────  ────────  ───────────
      0  w     parameter          1   -0.2115
      1  v1    mul(w, 2)          2   -0.1058  neuron.ts:6
      2  b     parameter         -1   -0.1058
      3  v2    add(v1, b)         1   -0.1058  neuron.ts:6
      4  a     sigmoid(v2)   0.7311   -0.5379  neuron.ts:6
      5  v3    sub(a, 1)    -0.2689   -0.5379  neuron.ts:7
      6  loss  square(v3)   0.07233         1  neuron.ts:7

      Execution state
      line  source                                        state
      ────  ────────────────────────────────────────────  ──────────────
         3  const x = 2                                   x = 2
         4  const w = tensor(1, { requiresGrad: true })   w = 1
         5  const b = tensor(-1, { requiresGrad: true })  b = -1
         6  const a = w.mul(x).add(b).sigmoid()           a = 0.7311
         7  const loss = a.sub(1).square()                loss = 0.07233"
    `)
  })

  test('with a training loop is explained at its last call of backward', async () => {
    const { stdout, stderr } = await chainrule(['explain', 'train.ts', '--wrt', 'weight'])
    expect(stderr.split('\n')).toHaveLength(6)
    expect(stdout).toContain('backward() was called on loss at train.ts:13, the last of 5 calls; --call 1\nexplains')
    expect(stdout).toContain('✓ The central difference says')
    expect(stdout).not.toContain('loss#')
  })

  test('is stopped after the call that is asked for', async () => {
    const { stdout, stderr } = await chainrule(['explain', 'endless.ts', '--call', '3', '--format', 'json'])
    expect(stderr).toBe('')
    const { calls, nodes, lines, sources } = readTrace(stdout)
    expect(calls).toHaveLength(1)
    expect(nodes.map(({ name, iterations }) => [name, iterations.map(({ index }) => index)])).toEqual([
      ['w', []],
      ['v1', [2]],
    ])
    // Frames of the stack and the instrumenter name files alike.
    expect(Object.keys(sources)).toEqual(['endless.ts'])
    expect(lines.map(({ file, line }) => `${file}:${line}`)).toEqual(['endless.ts:3', 'endless.ts:4'])
  })

  test('with several calls is told by the last one alone, as it was weighted', async () => {
    const { stdout } = await chainrule(['explain', 'several.ts'])
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'backward() was called on second at several.ts:7, the last of 2 calls; --call 1 explains the first. It was given the gradient 2, and all gradients in the table are 2 times the derivative. second = 20.09, and its derivative is ∂second/∂w = 20.09',
    )
    expect(stdout).toMatch(/^0 {2}w +parameter +3 +40\.17$/m)
    expect(stdout).not.toMatch(/^\d+ +(first|after) /m)
  })

  test.each([
    [
      ['no-backward.ts'],
      'no-backward.ts: it never called backward(), so there is no gradient to explain; call it on the loss, as in loss.backward()',
    ],
    [
      ['transform.ts'],
      'transform.ts: it differentiates by transforms such as grad or vjp, which leave no tape behind; to have a gradient explained, call it on the loss, as in loss.backward()',
    ],
    [
      ['vector.ts'],
      'vector.ts: backward() was called on y, which is [2]; what is explained is the derivative of one number: call it on y.sum() or on an element, y.at(0)',
    ],
    [['neuron.ts', '--call', '2'], 'neuron.ts: it called backward() once; there is no call 2'],
    [['neuron.ts', '--wrt', 'c'], "neuron.ts: --wrt: nothing is called 'c'; there are w, b, a and loss"],
    [
      // Long enough for the library to be loaded on a busy machine.
      ['endless.ts', '--timeout', '4'],
      /^endless\.ts:4:\d+: the script did not end within 4 s; it was here\n.*\n.*\^\n--timeout 600 gives it more time; --call 1 explains its first call of backward\(\) and stops there$/,
    ],
  ])('%j ends with 2 and a message', async (args, message) => {
    const { code, stdout, stderr } = await chainrule(['explain', ...args])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    const said = stderr.slice(stderr.indexOf('chainrule: ') + 'chainrule: '.length).trimEnd()
    if (typeof message === 'string') expect(said).toBe(message)
    else expect(said).toMatch(message)
  })
})

describe.concurrent('beside that', () => {
  test('a derivation is told', async () => {
    const { code, stdout } = await chainrule(['derive', 'sigmoid'])
    expect(code).toBe(0)
    expect(stdout).toContain('∂y/∂x = y·(1 - y)')
  })

  test('help is given to those who do not ask, too', async () => {
    const [none, help, other] = await Promise.all([[], ['--help'], ['help', 'explain']].map((args) => chainrule(args)))
    expect([none.code, help.code, other.code]).toEqual([2, 0, 0])
    expect(none.stdout).toBe(help.stdout)
    expect(help.stdout).toContain('Usage: chainrule <command>')
    expect(other.stdout).toContain('Usage: chainrule explain')
    expect(Math.max(...`${help.stdout}${other.stdout}`.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  test('a command that does not exist is answered', async () => {
    expect(await chainrule(['explian'])).toEqual({
      code: 2,
      stdout: '',
      stderr: "chainrule: there is no command 'explian'; did you mean explain?\n",
    })
  })
})
