/**
 * A program run in JavaScript, instruction by instruction, in memory laid out as planned: what compiled programs must
 * equal.
 */

import { placesOf } from '../../src/backends/js/layout.ts'
import type { Axes, Instruction, Place } from '../../src/backends/kernels.ts'
import type { Lowered } from '../../src/compile/plan/lowered.ts'
import { bytesPerElement } from '../../src/ops/dtype.ts'
import type { DType, TypedArray } from '../../src/ops/value.ts'
import { runLoop } from './loop.ts'

export interface Reference {
  /** A region as an array. */
  array(region: number, dtype: DType): TypedArray
  run(): void
}

const arrays = { float64: Float64Array, float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const

export function reference({ program, constants }: Lowered): Reference {
  const arena = new ArrayBuffer(program.arenaBytes)
  const homes = program.regions.map((r) =>
    r.is === 'arena' ? { buffer: arena, offset: r.offset } : { buffer: new ArrayBuffer(r.bytes), offset: 0 },
  )
  const array = (region: number, dtype: DType): TypedArray => {
    const { buffer, offset } = homes[region]
    return new arrays[dtype](buffer, offset, program.regions[region].bytes / bytesPerElement[dtype])
  }
  for (const { region, data } of constants) new Uint8Array(homes[region].buffer).set(bytesOf(data))
  return {
    array,
    run() {
      // What nobody has written must not be read.
      new Uint8Array(arena).fill(0xff)
      for (const instruction of program.instructions) runInstruction(instruction, array)
    },
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: TypedArray) => new Uint8Array(buffer, byteOffset, byteLength)

function runInstruction(instruction: Instruction, array: Reference['array']): void {
  const look = ({ region, offset, dtype }: Place) => ({ data: array(region, dtype), offset })
  if (instruction.is === 'loop') {
    runLoop(instruction.kernel, instruction.reads.map(look), instruction.writes.map(look))
  } else if (instruction.is === 'product') {
    multiply(instruction, [instruction.a, instruction.b, instruction.c].map(look))
  } else {
    const data = (place: Place) => look(place).data
    instruction.run(instruction.reads.map(data), instruction.writes.map(data))
  }
}

type Look = { readonly data: TypedArray; readonly offset: number }

function multiply({ kernel }: Extract<Instruction, { is: 'product' }>, [a, b, c]: readonly Look[]): void {
  const walk = (axes: Axes, x: number) =>
    placesOf({ sizes: [...axes.sizes], strides: axes.strides.map((s) => [...s]) }, x)
  const { batch, rows, columns, summed } = kernel
  const walks = [batch, rows, columns, summed].map((axes) => [0, 1, 2].map((x) => walk(axes, x)))
  const [along, down, across, through] = walks
  for (let n = 0; n < along[0].length; n++) {
    for (let i = 0; i < down[0].length; i++) {
      for (let j = 0; j < across[0].length; j++) {
        const at = c.offset + along[2][n] + down[2][i] + across[2][j]
        let sum = kernel.add ? c.data[at] : 0
        const [p, q] = [a.offset + along[0][n] + down[0][i], b.offset + along[1][n] + across[1][j]]
        for (let k = 0; k < through[0].length; k++) sum += a.data[p + through[0][k]] * b.data[q + through[1][k]]
        c.data[at] = sum
      }
    }
  }
}
