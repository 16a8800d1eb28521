/** Threads share tasks, and a worker that fails or dies is an error once and no more. */
import { describe, expect, it, vi } from 'vitest'
import { DeviceError } from '../../../errors/index.ts'
import { ModuleBuilder } from '../emit/module.ts'
import { Heap } from '../memory.ts'
import { compileModule } from '../wasm.ts'
import type { Code } from './perform.ts'
import { Pool } from './pool.ts'

const heap = new Heap()
const module = compileModule(new ModuleBuilder(), heap)
const idle: Code = { calls: [], source: 'return () => {}' }
const code = (body: string): Code => ({ calls: [], source: `return () => { ${body} }` })

/** A pool of two with one task, of which the worker runs `theirs`. */
async function start(theirs: Code) {
  const pool = new Pool(heap, 2)
  const parts = [idle, theirs]
  const task = pool.add({ module, imports: [], native: undefined, partsOf: [[parts], [parts]] })
  pool.start()
  await vi.waitFor(() => expect(pool.ready).toBe(true), { timeout: 20_000 })
  return { pool, task }
}

/** Runs the task until the worker has taken its part: the main thread is slow with its own. */
function runTogether({ pool, task }: { pool: Pool; task: number }, count = 100): number {
  let own = 0
  const slow = () => {
    const end = performance.now() + 20
    while (performance.now() < end);
  }
  for (let i = 0; i < count && own === i; i++) pool.run(task, [slow, () => own++], 0)
  return own
}

describe('Pool', () => {
  it('runs every part once', async () => {
    const { pool, task } = await start(idle)
    let [first, second] = [0, 0]
    for (let i = 0; i < 1000; i++) pool.run(task, [() => first++, () => second++], 0)
    expect(first + second).toBeLessThanOrEqual(2000)
    expect(second).toBeLessThanOrEqual(1000)
    expect(runTogether({ pool, task })).toBeLessThan(100)
    pool.end()
  })

  it('does without workers', () => {
    const pool = new Pool(heap, 3)
    const task = pool.add({ module, imports: [], native: undefined, partsOf: [[[idle, idle, idle]]] })
    const done = [0, 0, 0]
    for (let i = 0; i < 10; i++) {
      pool.run(
        task,
        done.map((_, part) => () => done[part]++),
        0,
      )
    }
    expect(done).toEqual([10, 10, 10])
  })

  it('says that a part has failed, and goes on', async () => {
    const started = await start(code('throw 1'))
    expect(() => runTogether(started)).toThrow(DeviceError)
    let own = 0
    started.pool.run(started.task, [() => own++, () => own++], 0)
    expect(own).toBe(2)
    started.pool.end()
  })

  it('says that a worker has died in the middle of a part, and goes on with another', async () => {
    const started = await start(code('process.exit()'))
    expect(() => runTogether(started)).toThrow(/a worker died in the middle of a run.*load the last state/)
    let own = 0
    started.pool.run(started.task, [() => own++, () => own++], 0)
    expect(own).toBe(2)
    await vi.waitFor(() => expect(started.pool.ready).toBe(true), { timeout: 20_000 })
    started.pool.end()
  })

  it('leaves a phase behind when the main thread throws', async () => {
    const { pool, task } = await start(idle)
    const broken = () => {
      throw new RangeError('broken')
    }
    // The worker may take both parts while the main thread is kept from running, but not for ever.
    const often = () => {
      for (let i = 0; i < 1000; i++) pool.run(task, [broken, broken], 0)
    }
    expect(often).toThrow('broken')
    let own = 0
    pool.run(task, [() => own++, () => own++], 0)
    expect(own).toBe(2)
    pool.end()
  })
})
