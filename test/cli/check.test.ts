/** What `chainrule check` finds: right and wrong gradients of functions, custom operations and modules. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { check, inputsOf, told } from './run-check.ts'

vi.setConfig({ testTimeout: 120_000 })

describe('right gradients', () => {
  it('of functions and custom operations are right, with inputs that fit', async () => {
    const { code, of } = await told('right.ts')
    expect(code).toBe(0)
    expect(Object.values(of).map(({ verdict, order }) => [verdict, order])).toEqual(new Array(5).fill(['right', 2]))
    expect(inputsOf(of.affine)).toEqual([
      ['x', [2, 3]],
      ['w', [3, 4]],
      ['b', [4]],
    ])
    expect(inputsOf(of.clipped)).toEqual([
      ['x', [3]],
      ['limit', [3]],
    ])
    expect([of.clipped.origin, of.swish.origin, of.entropy.origin]).toEqual([
      'given',
      'random',
      'random between 0.1 and 0.9',
    ])
  })

  it('are told in a line each', async () => {
    const { code, stdout } = await check('right.ts', '--export', 'swish', '--export', 'affine')
    expect(code).toBe(0)
    expect(stdout).toBe(`Gradients of right.ts
═════════════════════

✓ affine(x, w, b): right to second order. With x [2, 3], w [3, 4] and b [4],
  random; 148 evaluations.

✓ swish: right to second order. With inputs[0] [2, 3], random; 48 evaluations.

2 right.
`)
  })

  it('to first order alone, along random directions, and from another seed', async () => {
    const full = await told('right.ts', '--order', '1', '--export', 'swish')
    const fast = await told('right.ts', '--order', '1', '--export', 'swish', '--mode', 'fast', '--seed', '7')
    expect([full.of.swish.order, full.of.swish.evaluations]).toEqual([1, 12])
    expect([fast.of.swish.verdict, fast.of.swish.mode, fast.of.swish.evaluations]).toEqual(['right', 'fast', 2])
  })
})

describe('wrong gradients', () => {
  it('are told with input, element, both numbers and the error', async () => {
    const { code, of } = await told('wrong.ts')
    expect(code).toBe(1)
    const [one] = of.oneElement.inputs
    expect([of.oneElement.verdict, of.oneElement.order, one.wrong]).toEqual(['wrong', 1, 1])
    expect([one.worst.index, one.worst.output, one.worst.analytic]).toEqual([[2], '[2]', 31.5])
    expect(one.worst.numeric).toBeCloseTo(27, 5)
    expect(one.worst.absoluteError).toBeCloseTo(4.5, 5)
    const [percent] = of.offByOnePercent.inputs
    expect(percent.wrong).toBe(6)
    expect(percent.worst.relativeError).toBeCloseTo(0.01 / 1.01, 5)
    expect(of.forgetsW.inputs.map(({ wrong }) => wrong)).toEqual([0, 1])
    expect(of.forgetsW.notes).toEqual([
      'nothing comes back to w: is it detached, read with item() or rounded on the way?',
    ])
  })

  it('of the second order are called that', async () => {
    const { of } = await told('wrong.ts')
    expect([of.secondOnly.verdict, of.secondOnly.order]).toEqual(['wrong', 2])
    expect(of.secondOnly.inputs[0].worst.output).toMatch(/^gradient of inputs\[0\] at /)
    expect(of.onceOnly).toMatchObject({ verdict: 'wrong', order: 2 })
    expect(of.onceOnly.problem?.text).toMatch(/it cannot be differentiated twice .*--order 1.* save inputs/)
    expect(of.failing.problem).toMatchObject({
      text: 'its derivative fails: TypeError: nobody knows',
      place: { path: 'wrong.ts', line: 32 },
    })
    const first = await told('wrong.ts', '--order', '1', '--export', 'secondOnly', '--export', 'onceOnly')
    expect([first.code, first.of.secondOnly.verdict, first.of.onceOnly.verdict]).toEqual([0, 'right', 'right'])
  })

  it('are told in 80 columns', async () => {
    const { stdout } = await check('wrong.ts', '--export', 'oneElement', '--export', 'secondOnly')
    const lines = stdout.split('\n')
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80)
    expect(stdout).toContain('✗ oneElement: the derivative by inputs[0] (1 of 3 elements) is wrong. With')
    expect(stdout).toMatch(/^inputs\[0\] +\[2\] +\[2\] +31\.5 +27 +4\.5 +0\.1429$/m)
    expect(stdout).toContain('derivative of the derivative, is wrong. The first derivative is right.')
    expect(lines.at(-2)).toBe('2 wrong.')
  })

  it('are told in other formats, and into a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'check-'))
    for (const format of ['md', 'html']) {
      const file = join(folder, `report.${format}`)
      const { code, stdout } = await check('wrong.ts', '--export', 'oneElement', '--format', format, '--out', file)
      expect([code, stdout]).toEqual([1, ''])
      expect(readFileSync(file, 'utf8')).toContain('31.5')
    }
    rmSync(folder, { recursive: true })
  })
})

describe('modules', () => {
  it('are checked by parameters and inputs that their layers tell', async () => {
    const { code, of } = await told('modules.ts')
    expect(code).toBe(1)
    const verdicts = Object.entries(of).map(([name, { verdict }]) => [name, verdict])
    const others = ['attention', 'convolving', 'dropping', 'embedding', 'loss', 'mlp', 'normalized', 'recurrent']
    expect(Object.fromEntries(verdicts)).toEqual({
      broken: 'wrong',
      ...Object.fromEntries(others.map((name) => [name, 'right'])),
    })
    expect(inputsOf(of.mlp)).toEqual([
      ['0.weight', [4, 3]],
      ['0.bias', [4]],
      ['2.weight', [2, 4]],
      ['2.bias', [2]],
      ['x', [3, 3]],
    ])
    expect(of.convolving.inputs.at(-1)).toMatchObject({ name: 'x', shape: [1, 1, 6, 6] })
    expect(inputsOf(of.embedding).map(([name]) => name)).toEqual(['0.weight', '1.weight', '1.bias'])
    expect(of.dropping.notes).toEqual(['checked in eval mode: in training it is random'])
    expect(of.normalized.notes).toEqual([])
  })

  it('with a wrong operation inside show where it leads', async () => {
    const { of } = await told('modules.ts')
    const wrong = of.broken.inputs.map(({ name, wrong }) => [name, wrong])
    expect(wrong).toEqual([
      ['0.weight', 12],
      ['0.bias', 4],
      ['2.weight', 0],
      ['2.bias', 0],
      ['x', 9],
    ])
    for (const { worst } of of.broken.inputs.filter(({ wrong }) => wrong)) {
      expect(worst.analytic / worst.numeric).toBeCloseTo(0.95, 5)
    }
  })

  it('that are large are checked along random directions; what is wrong is still told', async () => {
    const { code, of } = await told('large.ts')
    expect([code, of.right.verdict, of.right.mode, of.right.order]).toEqual([1, 'right', 'fast', 1])
    expect(of.right.notes).toEqual([
      'of its 3962 elements, one random direction per input was compared; --mode full compares each, and takes long',
      'second derivatives were left out, as there are so many elements; --order 2 asks for them',
    ])
    expect(of.wrong.inputs.map(({ name, wrong }) => [name, wrong])).toEqual([
      ['0.weight', null],
      ['0.bias', 60],
      ['2.weight', 0],
      ['2.bias', 0],
      ['x', 180],
    ])
  })

  it('may be classes, of which an instance is wanted', async () => {
    const { code, stderr } = await check('modules.ts', '--export', 'Unused')
    expect([code, stderr]).toEqual([
      2,
      'chainrule: modules.ts: there is nothing to check: Unused is a class; export an instance of it; chainrule check ' +
        'looks at the functions and modules that a script exports: export function f(x) { ... }\n',
    ])
  })
})

describe('what is special', () => {
  it('kinks, constants, randomness and NaN are called that', async () => {
    const { code, of } = await told('odd.ts')
    expect(code).toBe(1)
    expect([of.kinked.verdict, of.kinked.inputs[0].kinks]).toEqual(['right', 1])
    expect(of.kinked.notes[0]).toMatch(/^not differentiable here by x at 1 of 3 elements/)
    expect([of.constant.verdict, of.constant.notes]).toEqual(['right', ['the result does not depend on y']])
    expect([of.noisy.verdict, of.undefinedThere.verdict]).toEqual(['wrong', 'wrong'])
    expect(of.noisy.problem?.text).toMatch(/not deterministic/)
    expect(of.undefinedThere.problem?.text).toBe('the result is NaN: output 0 at [1]')
  })

  it('float32, tensors given twice and tensors closed over are fine', async () => {
    const { code, of } = await told('coarse.ts')
    expect([code, of.rounded.verdict, of.alike.verdict, of.closing.verdict]).toEqual([0, 'right', 'right', 'right'])
    expect(of.rounded.notes[0]).toMatch(/^its result is float32/)
    expect(of.closing.inputs[0].worst.analytic).not.toBe(0)
  })
})
