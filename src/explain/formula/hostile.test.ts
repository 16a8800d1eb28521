/** Input that was made to break a parser: it ends soon, with a value or with an error of the language. */
import { describe, expect, it } from 'vitest'
import { backward } from '../../autodiff/index.ts'
import { ChainruleError } from '../../errors/index.ts'
import { parseFormula, parseValues, runFormula } from './index.ts'

const MEGABYTE = 1_000_000

const nested: [string, string][] = [
  '(',
  '[',
  '|',
  '-',
  '√',
  'relu(',
  '2^',
  'x[0][',
  '(-',
  'f(a=',
  '.',
  '=',
  ':',
  '\\0',
  '\ud800',
].map((piece) => [JSON.stringify(piece), piece])

describe('a megabyte', () => {
  it.each(nested)('of %s is an error', (_, piece) => {
    expect(() => parseFormula(piece.repeat(MEGABYTE / piece.length))).toThrow(ChainruleError)
  })

  it('of one name, number, space or comment is read', () => {
    expect(parseFormula('a'.repeat(MEGABYTE)).inputs[0]).toHaveLength(MEGABYTE)
    expect(() => parseFormula('1'.repeat(MEGABYTE))).toThrow('too large')
    expect(runFormula(`0.${'1'.repeat(MEGABYTE)}`, '').output.item()).toBe(1 / 9)
    expect(runFormula(`${' '.repeat(MEGABYTE)}2 #${'#'.repeat(MEGABYTE)}`, '').output.item()).toBe(2)
  })

  it('in a message is cut', () => {
    const texts = [(a: string) => a, (a: string) => `${a}(1)`, (a: string) => `"${a}" + 1`, (a: string) => `1 ${a}`]
    for (const text of texts) {
      expect(message(() => runFormula(text('a'.repeat(MEGABYTE)), `${'b'.repeat(MEGABYTE)}=1`)).length).toBeLessThan(
        600,
      )
    }
  })
})

describe('depth', () => {
  const inside = (n: number) => `${'('.repeat(n)}x${')'.repeat(n)}`

  it('is limited by a message, not by the stack', () => {
    expect(runFormula(inside(199), 'x=2').output.item()).toBe(2)
    expect(() => parseFormula(inside(200))).toThrow('nested more than 200 deep')
    expect(() => parseFormula(inside(10_000))).toThrow('nested more than 200 deep')
    expect(() => parseValues(`x=${'['.repeat(10_000)}`)).toThrow('nested more than 200 deep')
    expect(() => runFormula(`${'['.repeat(150)}1${']'.repeat(150)}`, '')).toThrow(ChainruleError)
  })
})

describe('length', () => {
  const n = 100_000

  it('of a sum is not limited, nor that of its derivative', () => {
    const { inputs, output } = runFormula(`x${' + x'.repeat(n)}`, 'x=1')
    backward(output)
    expect([output.item(), inputs.x.grad!.item()]).toEqual([n + 1, n + 1])
  }, 60_000)

  it('of chains, lists and programs is not limited', () => {
    expect(runFormula(`x${'.relu()'.repeat(n)}`, 'x=1').output.item()).toBe(1)
    expect(runFormula(`sum([1${',1'.repeat(n)}])`, '').output.item()).toBe(n + 1)
    expect(runFormula(`max(1${',1'.repeat(n)})`, '').output.item()).toBe(1)
    expect(parseFormula('a=1;'.repeat(n)).lines).toHaveLength(n)
    expect(runFormula(`a=x${'\na=a+a'.repeat(100)}`, 'x=1').output.item()).toBe(2 ** 100)
  }, 60_000)
})

describe('objects', () => {
  // biome-ignore format: a list
  const names = ['constructor', '__proto__', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', 'call', 'apply', 'bind', 'then', 'shape', 'data', 'grad', 'backward', 'storage', 'assign', 'item']

  it.each(names)('%s is neither a member nor a function', (name) => {
    expect(() => parseFormula(`x.${name}`)).toThrow(`unknown '.${name}'`)
    expect(() => parseFormula(`x.${name}()`)).toThrow(`unknown function '${name}'`)
    expect(() => parseFormula(`${name}(x)`)).toThrow(`unknown function '${name}'`)
    expect(() => parseFormula(`sum(x, ${name}=1)`)).toThrow(`sum has no '${name}'`)
    expect(parseFormula(`${name} + this`).inputs).toEqual([name, 'this'])
  })

  it('are not changed by names and options', () => {
    expect(() => runFormula('mseLoss(x, x, __proto__=1)', 'x=1')).toThrow("mseLoss has no '__proto__'")
    const values = parseValues('__proto__=1, constructor=2')
    expect(Object.entries(values).map(([name, x]) => [name, x.item()])).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ])
    expect(Object.getPrototypeOf(values)).toBe(Object.prototype)
  })
})

const message = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('no error')
}
