/** The emitter: every instruction is what its name says, and control flow nests. */
import { describe, expect, it } from 'vitest'
import { Heap, MAXIMUM_PAGES } from '../memory.ts'
import { instantiate } from '../wasm.ts'
import {
  call,
  choose,
  type Expr,
  f32,
  f64,
  i32,
  i64,
  lane,
  load,
  op,
  shuffle,
  store,
  storeLane,
  type ValueType,
  v128,
} from './code.ts'
import { float32, float64, signed, unsigned } from './encode.ts'
import { ModuleBuilder } from './module.ts'
import { laneStores, lanes, loads, opcodes, stores } from './opcodes.ts'

const heap = new Heap()
const limits = { pages: 1, maximum: MAXIMUM_PAGES }
const typeOf = { i: 'i32', l: 'i64', f: 'f32', d: 'f64', v: 'v128' } as const
const types = (letters: string) => [...letters].map((l) => typeOf[l as keyof typeof typeOf])

/** What operands pass for here; whether they are what the instruction takes is what the tests find out. */
type Vectors = [Expr<'v128'>, Expr<'v128'>, Expr<'v128'>]
type Word = Expr<'i32'>

/** Whether a function of these operands around the instruction is valid. */
function isValid(operands: readonly ValueType[], write: (...of: Vectors) => Expr): boolean {
  const module = new ModuleBuilder()
  module.function('probe', operands, 'none', (f, params) => f.do(write(...(params as unknown as Vectors))))
  return WebAssembly.validate(module.toBytes(limits))
}

describe('the table of instructions', () => {
  const relaxed = isValid(['v128', 'v128', 'v128'], (...of) => op('f32x4.relaxed_madd', ...of))
  it.each(Object.entries(opcodes))('%s takes and gives what the table says', (name, [, operands, result]) => {
    if (name.includes('relaxed') && !relaxed) return
    const module = new ModuleBuilder()
    module.function('probe', types(operands), types(result)[0], (f, params) =>
      f.return(op(name as 'v128.bitselect', ...(params as unknown as Vectors))),
    )
    expect(WebAssembly.validate(module.toBytes(limits))).toBe(true)
  })

  it('reads and writes memory with natural alignment', () => {
    for (const name of Object.keys(loads))
      expect(isValid(['i32'], (at) => load(name as 'f32.load', at as Expr as Word, 8))).toBe(true)
    for (const [name, [, , type]] of Object.entries(stores))
      expect(isValid(['i32', ...types(type)], (at, x) => store(name as 'v128.store', at as Expr as Word, x, 300))).toBe(
        true,
      )
    for (const name of Object.keys(laneStores))
      expect(
        isValid(['i32', 'v128'], (at, x) => storeLane(name as 'v128.store32_lane', at as Expr as Word, x, 1)),
      ).toBe(true)
    for (const [name, [, operands]] of Object.entries(lanes))
      expect(
        isValid(types(operands), (...of) =>
          lane(name as 'f32x4.replace_lane', 1, ...(of as Expr[] as [Expr<'v128'>, Expr<'f32'>])),
        ),
      ).toBe(true)
  })

  it('gives back the numbers that went in', () => {
    const module = new ModuleBuilder()
    module.function('single', [], 'f32', (f) => f.return(f32(0.1)))
    module.function('double', [], 'f64', (f) => f.return(f64(-0)))
    module.function('low', [], 'i32', (f) => f.return(i32(-129)))
    module.function('word', [], 'i32', (f) => f.return(op('i32.wrap_i64', op('i64.shr_u', i64(-1n), i64(33n)))))
    const { single, double, low, word } = instantiate(module, heap)
    expect([single(), double(), low(), word()]).toEqual([Math.fround(0.1), -0, -129, 2 ** 31 - 1])
  })
})

describe('LEB128', () => {
  it('round-trips at the edges of seven bits', () => {
    expect(unsigned(0)).toEqual([0])
    expect(unsigned(127)).toEqual([127])
    expect(unsigned(128)).toEqual([128, 1])
    expect(unsigned(2 ** 32 - 1)).toEqual([255, 255, 255, 255, 15])
    expect(signed(-1n)).toEqual([127])
    expect(signed(63n)).toEqual([63])
    expect(signed(64n)).toEqual([192, 0])
    expect(signed(-64n)).toEqual([64])
    expect(signed(-65n)).toEqual([191, 127])
  })
})

describe('a module', () => {
  it('computes over vectors in a loop and calls functions of its own and of JavaScript', () => {
    const module = new ModuleBuilder()
    const half = module.import('half', ['f64'], 'f64', (x) => x / 2)
    const twice = module.helper('twice', ['v128'], 'v128', (f, [x]) => f.return(op('f32x4.add', x, x)))
    module.function('axpy', ['f64', 'i32', 'i32', 'i32'], 'none', (f, [a, x, y, n]) => {
      const slope = f.let(op('f32x4.splat', op('f32.demote_f64', call(half, a))))
      const bytes = f.let(op('i32.shl', n, i32(2)))
      f.repeat(bytes, 16, (i) => {
        const at = f.let(op('i32.add', y, i))
        const product = op('f32x4.mul', slope, call(twice, load('v128.load', op('i32.add', x, i))))
        f.do(store('v128.store', at, op('f32x4.add', product, load('v128.load', at))))
      })
    })
    const { axpy } = instantiate(module, heap)
    const [x, y] = [heap.reserve(32), heap.reserve(32)]
    heap.float32.set([1, 2, 3, 4, 5, 6, 7, 8], x / 4)
    heap.float32.set([10, 20, 30, 40, 50, 60, 70, 80], y / 4)
    axpy(3, x, y, 8)
    expect([...heap.float32.subarray(y / 4, y / 4 + 8)]).toEqual([13, 26, 39, 52, 65, 78, 91, 104])
    axpy(3, x, y, 0)
    expect(heap.float32[y / 4]).toBe(13)
  })

  it('branches, leaves blocks and repeats', () => {
    const module = new ModuleBuilder()
    // the Collatz steps down to 1, or -1 beyond a limit
    module.function('collatz', ['i32', 'i32'], 'i32', (f, [n, limit]) => {
      const steps = f.local('i32')
      f.block((found) => {
        f.loop((again) => {
          f.jump(found, op('i32.eq', n, i32(1)))
          f.advance(steps, 1)
          f.if(op('i32.gt_s', steps, limit), () => f.return(i32(-1)))
          f.if(
            op('i32.and', n, i32(1)),
            () => f.set(n, op('i32.add', op('i32.mul', n, i32(3)), i32(1))),
            () => f.set(n, op('i32.shr_u', n, i32(1))),
          )
          f.jump(again)
        })
      })
      f.return(steps)
    })
    module.function('largest', ['f64', 'f64'], 'f64', (f, [a, b]) => f.return(choose(op('f64.lt', a, b), b, a)))
    const { collatz, largest } = instantiate(module, heap)
    expect([collatz(27, 1000), collatz(27, 100), collatz(1, 0)]).toEqual([111, -1, 0])
    expect(largest(2, 5)).toBe(5)
  })

  it('shuffles and chooses', () => {
    const module = new ModuleBuilder()
    module.function('work', ['i32', 'i32'], 'none', (f, [from, to]) => {
      const x = f.let(load('v128.load', from))
      const constant = v128(float32(7))
      f.do(store('v128.store', to, shuffle(x, constant, [3, 2, 5, 0])))
      f.do(store('v128.store', to, choose(i32(0), x, shuffle(v128(float64(1)), x, [0, 3])), 16))
    })
    const { work } = instantiate(module, heap)
    const [from, to] = [heap.reserve(16), heap.reserve(48)]
    heap.float32.set([1, 2, 3, 4], from / 4)
    work(from, to)
    expect([...heap.float32.subarray(to / 4, to / 4 + 4)]).toEqual([4, 3, 7, 1])
    expect(heap.float64[to / 8 + 2]).toBe(1)
    expect([...heap.float32.subarray(to / 4 + 6, to / 4 + 8)]).toEqual([3, 4])
  })

  it('prints as one instruction a line', () => {
    const module = new ModuleBuilder()
    module.import('sin', ['f64'], 'f64', Math.sin)
    module.function('absolute', ['f32'], 'f32', (f, [x]) => {
      f.if(op('f32.lt', x, f32(0)), () => f.return(op('f32.neg', x)))
      f.return(f.let(x))
    })
    expect(module.toText()).toBe(
      [
        '(import "host" "sin" (func $sin (param $0 f64) (result f64)))',
        '(func $absolute (param $0 f32) (result f32)',
        '  (local $1 f32)',
        '  local.get $0',
        '  f32.const 0',
        '  f32.lt',
        '  if $l0',
        '    local.get $0',
        '    f32.neg',
        '    return',
        '  end',
        '  local.get $0',
        '  local.set $1',
        '  local.get $1',
        '  return',
        ')',
      ].join('\n'),
    )
  })

  it('is the same bytes each time it is asked for', () => {
    const module = new ModuleBuilder()
    module.function('one', [], 'i32', (f) => f.return(i32(1)))
    expect(module.toBytes(limits)).toEqual(module.toBytes(limits))
    expect(WebAssembly.validate(module.toBytes({ ...limits, shared: true }))).toBe(true)
  })
})
