/** Every row of what the explorer promises has a test in a browser. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ROWS } from './rows.ts'

it('each row has a test whose title begins with its number', () => {
  const folder = new URL('.', import.meta.url)
  const tests = readdirSync(folder).filter((file) => file.endsWith('.test.ts'))
  const text = tests.map((file) => readFileSync(new URL(file, folder), 'utf8')).join('\n')
  const tested = new Set([...text.matchAll(/'row (\d+): /g)].map(([, row]) => Number(row)))
  expect([...tested].sort((a, b) => a - b)).toEqual(Object.keys(ROWS).map(Number))
})
