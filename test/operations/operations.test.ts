/**
 * The reference in docs/operations/ is made from the definitions. A new op gets its page when the tests are run; a page
 * that no longer says what the definition says fails, and `npx vitest run test/operations -u` writes it anew.
 */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { registry } from '../../src/ops/registry.ts'
import { commentOf, pageOf } from './page.ts'

const docs = fileURLToPath(new URL('../../docs/operations/', import.meta.url))

describe('docs/operations', () => {
  for (const op of registry.values()) {
    it(`${op.name} says what it is and what it computes`, async () => {
      expect(commentOf(op.name), `the export ${op.name} needs a comment`).not.toBe('')
      await expect(pageOf(op)).toMatchFileSnapshot(`${docs}${op.name}.md`)
    })
  }

  it('has no page of an op that is gone', () => {
    const known = new Set([...registry.keys()].map((name) => `${name}.md`))
    expect(readdirSync(docs, { encoding: 'utf8' }).filter((file) => !known.has(file))).toEqual([])
  })
})
