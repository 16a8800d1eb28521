/** That nothing of the articles is left out: every case has a test, every misprint is told, the helpers are right. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { array, fixed, float, grouped, scientific } from '../../examples/seeds/format.ts'
import { MersenneTwister, numpyRandom } from '../../examples/seeds/numpy-random.ts'
import { tensor } from '../../src/index.ts'
import { cases, float64 } from './cases.ts'
import { listings } from './listings.ts'

const here = new URL('./', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, here), 'utf8')

describe('cases', () => {
  test('each has one test', () => {
    const files = readdirSync(here).filter((name) => /^seed-.*\.test\.ts$/.test(name))
    const tested = files.flatMap((name) => [...read(name).matchAll(/^seedCase\('([^']+)'/gm)].map(([, id]) => id))
    expect(tested.sort()).toEqual(cases.map(({ id }) => id).sort())
    expect(cases).toHaveLength(71)
  })

  test('135 printed numbers, 8 of them wrong', () => {
    const printed = cases.flatMap((entry) => Object.values(entry.printed).flat())
    expect(printed).toHaveLength(135)
    expect(cases.flatMap(({ printedMismatch = [] }) => printedMismatch)).toHaveLength(8)
  })
})

describe('docs/articles.md', () => {
  const page = read('../../docs/articles.md')

  test('names every program with a case that is there', () => {
    for (const program of [...Object.keys(listings), '003-exercises']) expect(page).toContain(`| \`${program}\` |`)
    const ids = [...page.matchAll(/\bs00\d-[\w-]+/g)].map(([id]) => id)
    expect(ids.filter((id) => !cases.some((entry) => entry.id === id))).toEqual([])
  })

  test('tells every misprint, with its case', () => {
    for (const { id, printedMismatch = [] } of cases) {
      for (const { printed } of printedMismatch) {
        const rows = page.split('\n').filter((line) => line.includes(printed) && line.includes(id))
        expect(rows, `${printed} in ${id}`).not.toEqual([])
      }
    }
  })
})

describe('numbers as Python prints them', () => {
  test('formats', () => {
    expect([0, -24, 0.1, 1e-4, 1e-5, 1e16, 123456789].map(float)).toEqual([
      '0.0',
      '-24.0',
      '0.1',
      '0.0001',
      '1e-05',
      '1e+16',
      '123456789.0',
    ])
    expect([scientific(0, 2), scientific(0.00123, 2), scientific(tensor(-1e100, float64), 1)]).toEqual([
      '0.00e+00',
      '1.23e-03',
      '-1.0e+100',
    ])
    expect([fixed(tensor(1.5), 4), grouped(750500)]).toEqual(['1.5000', '750,500'])
  })

  test('arrays', () => {
    const x = tensor(
      [
        [3.0806046117362795, 1],
        [8, -12],
      ],
      float64,
    )
    expect(array(x)).toBe('[[  3.08060461   1.        ]\n [  8.         -12.        ]]')
    expect(array(tensor([0.1049935854, 0.25], float64), 4)).toBe('[0.105 0.25 ]')
  })
})

describe("numpy's random numbers", () => {
  test('the Mersenne Twister', () => {
    // the first and the ten thousandth number of the standard's test (C++11, 26.5.5)
    const twister = new MersenneTwister(5489)
    const numbers = Array.from({ length: 10_000 }, () => twister.uint32())
    expect([numbers[0], numbers[9999]]).toEqual([3499211612, 4123659995])
  })

  test('np.random.seed(42); np.random.randn(4)', () => {
    expect(Array.from(numpyRandom(42)([4]).data)).toEqual([
      0.4967141530112327, -0.13826430117118466, 0.6476885381006925, 1.5230298564080254,
    ])
  })
})
