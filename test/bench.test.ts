/**
 * The harness of the benchmarks with Chainrule alone, as short as it can be: it must find the losses that PyTorch finds, write
 * its results and its chart, and refuse what it does not know. What it measures here is of no consequence.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
// @ts-expect-error: the benchmarks are plain JavaScript
import { chart } from '../bench/harness/chart.mjs'
// @ts-expect-error
import { duration, table } from '../bench/harness/table.mjs'
// @ts-expect-error
import { choose, disagreement } from '../bench/harness/workloads.mjs'

const script = fileURLToPath(new URL('../bench/run.mjs', import.meta.url))
const out = mkdtempSync(join(tmpdir(), 'bench-'))
afterAll(() => rmSync(out, { recursive: true }))

const bench = (...args: string[]) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(process.execPath, [script, ...args], (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    )
  })

describe('npm run bench', () => {
  it('measures Chainrule, whose losses are PyTorch’s', async () => {
    const quick = ['--quick', '--seconds', '0.01', '--peers', 'chainrule', '--workloads', 'W0,W1-b64', '--out', out]
    const { code, stdout, stderr } = await bench(...quick)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('all losses agree after 5 and after 50 steps')
    const { figures, peak } = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'))
    expect(peak).toBeGreaterThan(0)
    for (const name of ['W0', 'W1-b64']) {
      const eager = figures.find((f: { workload: string; mode: string }) => f.workload === name && f.mode === 'eager')
      expect(eager.ms).toBeGreaterThan(0)
      expect(eager.loss50).toBeCloseTo(name === 'W0' ? 0.0305005 : 0.661009, 4)
    }
    expect(readFileSync(join(out, 'bench.svg'), 'utf8')).toMatch(/^<svg /)
  }, 120_000)

  it.each([
    [['--workloads', 'W9'], 'there is no workload W9'],
    [['--peers', 'numpy'], 'there is no peer numpy; known: chainrule, pytorch, tfjs, jaxjs'],
    [['--seconds', 'many'], '--seconds must be a positive number, got many'],
    [['--fast'], "Unknown option '--fast'"],
  ])('refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await bench(...args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
  })
})

describe('its report', () => {
  const about = { workload: 'W1-b64', threads: 1, label: '', firstMs: 20, loss5: 2.22551, loss50: 0.661009 }
  const figures = [
    { ...about, family: 'pytorch', mode: 'installed', ms: 0.8 },
    { ...about, family: 'pytorch', mode: 'tuned', ms: 0.4 },
    { ...about, family: 'jaxjs', mode: 'tuned', ms: 2.5 },
    { ...about, family: 'chainrule', mode: 'blas', threads: 1, ms: 0.3 },
    { ...about, family: 'chainrule', mode: 'blas', threads: 2, ms: 0.2 },
  ]
  const [workload] = choose(['W1-b64'])

  it('sets the best of each against the best peer and the target', () => {
    const [, row] = table([workload], figures, 400e9).split('\n')
    const cells = ['W1-b64', '0.16 ms', '0.40 ms', '0.80 ms', '2.50 ms (jaxjs)', '–', '20.0 ms']
    expect(row.split(/ {2,}/)).toEqual([...cells, '0.20 ms', '0.50×', '0.74×', '–', '–', '–'])
  })

  it('draws a dot for each', () => {
    const drawing: string = chart([workload], figures, 400e9)
    for (const mark of ['js', 'pytorch', 'blas']) expect(drawing).toContain(`class="${mark}"`)
    expect(drawing).not.toMatch(/NaN|undefined|Infinity/)
  })

  it('notices losses that are wrong, NaN among them', () => {
    expect(disagreement(workload, figures[0])).toBeUndefined()
    expect(disagreement(workload, { ...about, loss50: null })).toBeUndefined()
    expect(disagreement(workload, { ...about, loss5: 2.3 })).toBe('the loss after 5 steps is 2.3, not 2.22551')
    expect(disagreement(workload, { ...about, loss50: Number.NaN })).toBe(
      'the loss after 50 steps is NaN, not 0.661009',
    )
  })

  it.each([
    [0.000512, '0.51 µs'],
    [0.0234, '23.4 µs'],
    [0.27, '0.27 ms'],
    [34.56, '34.6 ms'],
    [1780, '1.78 s'],
    [undefined, '–'],
  ])('writes %s ms as %s', (ms, words) => expect(duration(ms)).toBe(words))
})
