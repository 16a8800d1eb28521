/** The style sheet has the library's colours, and only those. */
import { readFileSync } from 'node:fs'
import { darkPalette, lightPalette } from 'chainrule/explain'
import { expect, it } from 'vitest'

it('is the palette of the library', () => {
  const css = readFileSync(new URL('./theme.css', import.meta.url), 'utf8')
  const found = [...css.matchAll(/--chainrule-(\w+): light-dark\((#\w+), (#\w+)\)/g)]
  const of = (side: 2 | 3) => Object.fromEntries(found.map((match) => [match[1], match[side]]))
  expect(of(2)).toEqual(lightPalette)
  expect(of(3)).toEqual(darkPalette)
})
