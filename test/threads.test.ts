/**
 * Compiled programs with worker threads in a process of their own: the built package is run as users run it. The process
 * ends by itself while workers sleep, memory stays flat however often a program runs, and nothing of that depends on
 * code being made from strings.
 */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const program = `
  import { load } from './dist/backends/wasm/execute/index.js'
  import { arg, cos } from './dist/scalar/index.js'
  const [n, small] = [2 ** 17, 2 ** 8]
  const line = { dtype: 'float32', strides: [1] }
  const update = (size) => {
    const steps = [{ is: 'map', formula: cos(arg('r0')) }]
    const kernel = { sizes: [size], folded: 0, dtype: 'float32', reads: [line], steps, writes: [{ ...line, step: 0, over: 0 }] }
    const places = [{ region: 0, offset: 0, dtype: 'float32' }]
    return { is: 'loop', label: 'cos', flops: 10 * size, bytes: 8 * size, kernel, reads: places, writes: places }
  }
  const start = (size) => {
    const regions = [{ bytes: 4 * n, is: 'kept', offset: 0 }]
    return load({ regions, arenaBytes: 0, instructions: [update(size)] })
  }
  const large = start(n)
  for (let i = 0; i < 60; i++) {
    large.run()
    if (i % 3 === 2) await new Promise((done) => setTimeout(done, 20))
  }
  const light = start(small)
  for (let i = 0; i < 2000; i++) light.run()
  gc()
  const { heapUsed } = process.memoryUsage()
  for (let i = 0; i < 10000; i++) light.run()
  for (let i = 0; i < 400; i++) large.run()
  gc()
  const grown = process.memoryUsage().heapUsed - heapUsed
  const sum = (loaded, size) => loaded.array(0, 'float32', size).reduce((a, b) => a + b, 0)
  console.log(JSON.stringify({ threads: large.threads, grown, sums: [sum(large, n), sum(light, small)] }))
`

interface Printed {
  readonly threads: number
  readonly grown: number
  readonly sums: readonly number[]
}

const run = (threads: string, ...flags: string[]): Printed =>
  JSON.parse(
    execFileSync(process.execPath, ['--expose-gc', ...flags, '--input-type=module', '-e', program], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      encoding: 'utf8',
      env: { ...process.env, CHAINRULE_THREADS: threads },
      timeout: 60_000,
    }),
  )

it('ends by itself, with memory flat and the same numbers, however many threads there are', {
  timeout: 120_000,
}, () => {
  const one = run('1')
  const two = run('2')
  const strict = run('3', '--disallow-code-generation-from-strings')
  expect([one, two, strict].map(({ threads }) => threads)).toEqual([1, 2, 3])
  for (const { grown, sums } of [one, two, strict]) {
    expect(grown).toBeLessThan(2 ** 18)
    expect(sums).toEqual(one.sums)
  }
})
