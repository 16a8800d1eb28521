/**
 * Programs run eagerly and compiled, wherever this module is: in any Node, in a page. It is given the numbers of the
 * fixtures, and tells what differed, which engines were at work, and a digest of all bits that compiled programs gave.
 */
import { blasStatus, compile, manualSeed, type Tensor, wasmStatus } from 'chainrule'
import { Engines } from './engines.ts'
import { type Fixtures, fixturePrograms, type Program } from './fixtures.ts'
import { largePrograms } from './networks.ts'

export interface Report {
  readonly where: string
  readonly checked: number
  readonly different: readonly string[]
  /** Of what compiled programs gave, bit by bit. */
  readonly digest: string
  readonly blas: boolean
  /** Products that BLAS computed for compiled programs, on the main thread. */
  readonly byBlas: number
  readonly wasm: boolean
  readonly relaxedSimd: boolean
  /** Parts of tasks that workers did. */
  readonly byWorkers: number
}

export interface Plan {
  readonly fixtures: Fixtures
  /** Each case of the fixtures instead of one per op. */
  readonly all: boolean
  /** Where the built package is. */
  readonly dist: string
}

/** Programs are timed in their first runs, and then run by one thread and by several in turns. */
const CALLS = 16
const LAST_TIMED = 5

/** FNV-1a over the bits of numbers. */
class Digest {
  private hash = 0x811c9dc5
  private readonly number = new Float64Array(1)
  private readonly words = new Uint32Array(this.number.buffer)

  add(x: number): void {
    // Every NaN is one.
    this.number[0] = Number.isNaN(x) ? 0.1 : x
    for (const word of this.words) this.hash = Math.imul(this.hash ^ word, 0x01000193)
  }

  toString(): string {
    return (this.hash >>> 0).toString(16)
  }
}

function difference(got: readonly Tensor[], wanted: readonly Tensor[], bound: number): string | null {
  if (got.length !== wanted.length) return `${got.length} tensors instead of ${wanted.length}`
  for (const [k, y] of got.entries()) {
    const w = wanted[k]
    if (y.dtype !== w.dtype || String(y.shape) !== String(w.shape)) return `tensor ${k}: ${y.dtype} [${y.shape}]`
    const [a, b] = [y.data, w.data]
    for (let i = 0; i < b.length; i++) {
      if (Object.is(a[i], b[i]) || Math.abs(a[i] - b[i]) <= bound * Math.max(1, Math.abs(b[i]))) continue
      return `tensor ${k}, number ${i} is ${a[i]} instead of ${b[i]}`
    }
  }
  return null
}

async function check({ make, bound }: Program, calls: number, digest: Digest): Promise<string | null> {
  const [eager, traced] = [make(), make()]
  const call = compile(traced.run)
  const seen: Tensor[][] = []
  manualSeed(1)
  for (let k = 0; k < calls; k++) seen.push(eager.run(...eager.args))
  manualSeed(1)
  for (let k = 0; k < calls; k++) {
    // Workers are told of the program meanwhile.
    if (k === LAST_TIMED) await new Promise((done) => setTimeout(done, 20))
    const got = call(...traced.args)
    for (const y of got) for (const v of y.data) digest.add(v)
    const found = difference(got, seen[k], bound)
    if (found !== null) return `call ${k}: ${found}`
  }
  return null
}

const described = (): string =>
  globalThis.process ? `Node ${process.versions.node}` : (navigator.userAgent.match(/Chrome\/\d+/)?.[0] ?? 'a browser')

export async function battery({ fixtures, all, dist }: Plan): Promise<Report> {
  const engines = await Engines.watch(dist)
  const digest = new Digest()
  const different: string[] = []
  let checked = 0
  const run = async (programs: readonly Program[], calls: number): Promise<void> => {
    for (const program of programs) {
      checked++
      try {
        const found = await check(program, calls, digest)
        if (found !== null) different.push(`${program.name}: ${found}`)
      } catch (error) {
        different.push(`${program.name}: ${error}`)
      }
    }
  }
  await run(largePrograms(), CALLS)
  await run(fixturePrograms(fixtures, all), 2)
  const wasm = wasmStatus()
  return {
    where: described(),
    checked,
    different,
    digest: String(digest),
    blas: !('missing' in blasStatus()),
    byBlas: engines.byBlas,
    wasm: !('missing' in wasm),
    relaxedSimd: 'relaxedSimd' in wasm && wasm.relaxedSimd,
    byWorkers: engines.byWorkers,
  }
}
