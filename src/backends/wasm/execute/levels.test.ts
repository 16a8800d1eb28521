/** What depends on something comes at a later level; what does not may share one. */
import { expect, it } from 'vitest'
import * as s from '../../../scalar/index.ts'
import type { Instruction, Place, Program } from '../../kernels.ts'
import { levelsOf } from './levels.ts'

interface Stretch {
  readonly region: number
  readonly offset: number
  readonly length: number
  readonly stride: number
}

const BYTES = 4096
const place = ({ region, offset }: Stretch): Place => ({ region, offset, dtype: 'float32' })

function loop(reads: readonly Stretch[], writes: readonly Stretch[]): Instruction {
  const sizes = [Math.max(...[...reads, ...writes].map(({ length }) => length))]
  const stream = ({ stride }: Stretch) => ({ dtype: 'float32', strides: [stride] }) as const
  return {
    is: 'loop',
    label: 'loop',
    flops: 0,
    bytes: 0,
    kernel: {
      sizes,
      folded: 0,
      dtype: 'float32',
      reads: reads.map(stream),
      steps: [{ is: 'map', formula: s.arg('r0') }],
      writes: writes.map((w) => ({ ...stream(w), step: 0 })),
    },
    reads: reads.map(place),
    writes: writes.map(place),
  }
}

const host = (region: number): Instruction => {
  const whole = [{ region, offset: 0, dtype: 'float32' } as const]
  return { is: 'host', label: 'host', flops: 0, bytes: 0, reads: whole, writes: [], run() {} }
}

const program = (instructions: Instruction[], kept: readonly boolean[] = []): Program => ({
  regions: Array.from({ length: 6 }, (_, i) => ({ bytes: BYTES, is: kept[i] ? 'kept' : 'arena', offset: i * BYTES })),
  arenaBytes: 6 * BYTES,
  instructions,
})

const addresses = Array.from({ length: 6 }, (_, i) => 64 + i * BYTES)
const all = (region: number): Stretch => ({ region, offset: 0, length: 1024, stride: 1 })

it('keeps the order of writing and reading', () => {
  const steps = [
    loop([all(0)], [all(1)]),
    loop([all(0)], [all(2)]),
    // Reads what the first has written.
    loop([all(1)], [all(3)]),
    // Overwrites what both have read.
    loop([all(4)], [all(0)]),
    // Overwrites what the third has written.
    loop([all(4)], [all(3)]),
  ]
  expect(levelsOf(program(steps), addresses)).toEqual([0, 0, 1, 1, 2])
})

it('overwrites nothing that outlives the run before JavaScript has had its say', () => {
  const steps = [loop([all(0)], [all(1)]), host(1), loop([all(2)], [all(3)]), loop([all(2)], [all(4)])]
  expect(levelsOf(program(steps, [false, false, false, true]), addresses)).toEqual([0, 1, 1, 0])
})

/** Cache lines. */
function lines({ region, offset, length, stride }: Stretch, sizes: number): Set<number> {
  const at = (i: number) => Math.floor((addresses[region] + 4 * (offset + i * stride)) / 64)
  return new Set(Array.from({ length: Math.min(length, sizes) }, (_, i) => at(i)))
}

it('separates all that touch the same memory', () => {
  let seed = 7
  const random = (n: number) => {
    seed = (seed * 48271) % 2147483647
    return seed % n
  }
  for (let round = 0; round < 100; round++) {
    const length = 1 + random(60)
    const stretch = (): Stretch => {
      const stride = random(7) - 3
      return { region: random(6), offset: stride < 0 ? 200 : random(200), length, stride }
    }
    const parts = Array.from({ length: 20 }, () => ({ reads: [stretch(), stretch()], writes: [stretch()] }))
    const levels = levelsOf(program(parts.map(({ reads, writes }) => loop(reads, writes))), addresses)
    const touched = parts.map(({ reads, writes }) => {
      const of = (stretches: Stretch[]) => new Set(stretches.flatMap((x) => [...lines(x, length)]))
      return { reads: of(reads), writes: of(writes) }
    })
    const meet = (a: Set<number>, b: Set<number>) => [...a].some((line) => b.has(line))
    for (let j = 0; j < parts.length; j++) {
      for (let i = 0; i < j; i++) {
        const [a, b] = [touched[i], touched[j]]
        if (meet(a.writes, b.reads) || meet(a.writes, b.writes) || meet(a.reads, b.writes)) {
          expect(levels[i]).toBeLessThan(levels[j])
        }
      }
    }
  }
})
