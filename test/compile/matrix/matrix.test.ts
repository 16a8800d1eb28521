/**
 * The battery on the built package with 1, 2 and 3 threads, with BLAS and without, without WebAssembly, on this Node and
 * on the newest: compiled programs compute what eager ones do, by the engines that are meant to do it, and the same bits
 * whatever the number of threads. CHAINRULE_MATRIX=all takes every case of the fixtures.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blasStatus } from '../../../src/index.ts'
import type { Report } from './battery.ts'
import { newestNode, Workplace } from './start.ts'

const all = process.env.CHAINRULE_MATRIX === 'all'
const timeout = all ? 600_000 : 180_000
const threads = ['1', '2', '3'] as const
const blas = blasStatus()
const newest = newestNode()

let place: Workplace
beforeAll(() => {
  place = new Workplace()
})
afterAll(() => place.remove())

interface Mode {
  readonly threads: string
  readonly blas: boolean
}

/** Runs the battery in a mode; all of it must be right, and done by the engines of that mode. */
async function run(node: string, mode: Mode): Promise<Report> {
  const env = { CHAINRULE_THREADS: mode.threads, ...(mode.blas ? {} : { CHAINRULE_BLAS: 'off' }) }
  const report = await place.run(node, env, all)
  expect(report.different, report.where).toEqual([])
  expect(report.checked).toBeGreaterThan(150)
  expect(report.wasm).toBe(true)
  expect(report.blas).toBe(mode.blas)
  if (mode.blas) expect(report.byBlas).toBeGreaterThan(50)
  else expect(report.byBlas).toBe(0)
  if (mode.threads === '1') expect(report.byWorkers).toBe(0)
  else expect(report.byWorkers).toBeGreaterThan(20)
  return report
}

/** The battery with each number of threads. */
function everyThreadCount(name: string, node: string, blas: boolean): void {
  it(`${name}, 1, 2 and 3 threads`, { timeout: 3 * timeout }, async () => {
    const digests: string[] = []
    for (const count of threads) digests.push((await run(node, { threads: count, blas })).digest)
    expect(digests, 'the bits do not depend on the number of threads').toEqual(digests.map(() => digests[0]))
  })
}

describe('compiled programs on this Node', () => {
  everyThreadCount('by WebAssembly alone', process.execPath, false)
  if ('missing' in blas) it.skip(`with BLAS: ${blas.missing}`, () => undefined)
  else everyThreadCount('with BLAS', process.execPath, true)

  it('without WebAssembly', { timeout }, async () => {
    const report = await place.run(process.execPath, { CHAINRULE_WASM: 'off' }, all)
    expect(report.different).toEqual([])
    expect([report.wasm, report.byBlas, report.byWorkers]).toEqual([false, 0, 0])
  })
})

describe('compiled programs on the newest Node', () => {
  if (newest === undefined) {
    it.skip('no other Node was found: run `npx -y node@latest --version` once, or name one by CHAINRULE_NODE')
    return
  }
  it('by WebAssembly alone with relaxed SIMD, 2 threads', { timeout }, async () => {
    const report = await run(newest, { threads: '2', blas: false })
    expect(report.relaxedSimd).toBe(true)
  })
  if ('missing' in blas) it.skip(`with BLAS: ${blas.missing}`, () => undefined)
  else it('with BLAS, 3 threads', { timeout }, () => run(newest, { threads: '3', blas: true }))
})
