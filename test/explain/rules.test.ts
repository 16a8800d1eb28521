/**
 * The rule that a factor shows, worked out with the numbers that it shows, is its value: for every elementwise op, by every
 * operand, at ordinary points and at those where the op's author decided something.
 */
import { describe, expect, it } from 'vitest'
import { explain } from '../../src/explain/index.ts'
import { type Tensor, tensor } from '../../src/index.ts'
import type { ElementwiseDefinition } from '../../src/ops/kinds/elementwise.ts'
import { apply, type Op } from '../../src/ops/kinds/op.ts'
import { registry } from '../../src/ops/registry.ts'
import { evaluate, type Scalar } from '../../src/scalar/index.ts'
import { Random } from './random-programs.ts'
import { readFormula } from './read-formula.ts'

const ops = [...registry.values()].flatMap((op) => (op.kind === 'elementwise' && op.differentiable ? [op] : []))

/** Points of at most four digits, as they are shown. */
function points(op: ElementwiseDefinition): number[][] {
  const random = new Random(op.name.length)
  const ordinary = Array.from({ length: 12 }, () =>
    op.args.map((name) => Number(random.number(...(op.domain?.[name] ?? ([-2, 2] as const))).toPrecision(3))),
  )
  const declared = (op.points ?? []).map(({ at }) => [...at]).filter((at) => at.every(Number.isFinite))
  return [...ordinary, ...declared]
}

describe('the rule of every op', () => {
  it.each(ops.map((op) => [op.name, op] as const))('%s', (_, op) => {
    for (const at of points(op)) {
      const operands = at.map((x, k) => tensor(x, { dtype: 'float64', requiresGrad: true, name: `x${k}` }))
      const y = apply<Tensor>(op as Op, operands, {})
      for (const [slot, x] of operands.entries()) {
        if (!Number.isFinite(y.item())) continue
        const [{ factors }] = explain(y, x, [], { identities: true }).paths
        const [{ value, numbers, formula }] = factors
        const where = `∂${op.name}(${at})/∂${op.args[slot]} = ${value}: ${formula} is ${numbers.text}`
        expect(factors.length, where).toBe(1)
        if (Number.isFinite(value))
          expect(Math.abs(readFormula(numbers.text) - value), where).toBeLessThan(3e-3 * (1 + Math.abs(value)))
        checkTextbook(op, slot, at, y.item(), value, where)
      }
    }
  })
})

/** What a textbook writes is what the machine computes. */
function checkTextbook(
  op: ElementwiseDefinition,
  slot: number,
  at: number[],
  y: number,
  value: number,
  where: string,
): void {
  const written: Scalar | undefined = op.textbook[op.args[slot]]
  if (!written || !Number.isFinite(value)) return
  const worked = evaluate(written, { y, ...Object.fromEntries(op.args.map((name, k) => [name, at[k]])) })
  // Textbooks leave limits and overflow to the reader.
  if (Number.isFinite(worked)) expect(Math.abs(worked - value), where).toBeLessThan(1e-9 * (1 + Math.abs(value)))
}
