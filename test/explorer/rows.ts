/**
 * What the explorer promises, row by row. Each row has a test in a browser whose title begins with its number, as in
 * "row 7: ..."; rows-all.test.ts sees to that. Besides, what those tests share.
 */
import type { Locator, Page } from 'playwright-core'
import { packSource } from '../../explorer/src/url/pack.ts'
import { type Site, shown } from './shell-site.ts'

export const ROWS: Readonly<Record<number, string>> = {
  1: 'every visible node shows its value, as the library has it',
  2: 'a node shows its gradient, or a dash until backward has reached it, never a false 0',
  3: 'each edge tells its local derivative and its contribution; those that leave a node sum to its gradient',
  4: 'x·x has two edges, each with its label',
  5: 'two leaves of the same value are two nodes',
  6: 'tiny values and an exact zero never look alike',
  7: 'play, pause, step, seek, restart; stepping back restores the state exactly',
  8: 'Space plays, but never while typing or on a focused button',
  9: 'a selected node has its rule, the numbers put in, and the result',
  10: 'paths with their products; their sum is the gradient; counts are exact',
  11: 'slider and number box per parameter; the whole view follows within a frame, with one number everywhere',
  12: 'four input bits and four target bits as buttons that are pressed or not',
  13: 'the line of the step is marked; a line selects its values, and a value its line',
  14: 'an editor, and programs that do not compile, fail, never end or never call backward',
  15: 'gradients per layer on a log scale for depth 1 to 50, bands labelled, NaN and infinity marked',
  16: 'training: play, pause, step, reset; loss and gradient norm live; the page stays responsive',
  17: 'scopes open and close, one by one or all at once; edges are counted',
  18: 'a trace of 5,000 nodes is usable',
  19: 'search by name, op, line, grad>1 and nan; Enter goes to the hit',
  20: 'a link shows the same view, inputs, step, selection, open scopes and seed in a new window',
  21: 'SVG, PNG, JSON and DOT, readable in both themes',
  22: 'the theme follows the system and can be forced; charts, formulas, editor and export follow',
  23: 'nothing moves for those who want less motion',
  24: 'the graph is walked by arrows and each move is told; the table is a full equivalent',
  25: 'a sign is also a text and a dash, with a contrast of 3:1 in both themes',
  26: 'Reset gives the identical run; New seed is another button',
  27: 'a tour of 8 to 12 steps that drives the real page, can be left, and has a link for each step',
}

/** Pages take their time on a busy machine. */
export const SOON = { timeout: 20_000 }

export const NEURON = '#/play/neuron'

/** A link to a program of the reader's own. */
const linkTo = async (source: string): Promise<string> => `#/code?src=${await packSource(source)}`

/** A window in which such a program has run. */
export async function ran(site: Pick<Site, 'page'>, source: string, query = ''): Promise<Page> {
  const page = await site.page((await linkTo(`import { tensor } from 'chainrule'\n${source}`)) + query)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await shown(page)
  return page
}

export const canvasOf = (page: Page): Locator => page.getByRole('application')

interface NodeFacts {
  readonly id: string
  readonly title: string
  readonly value: string | null
  readonly gradient: string | null
}

/** The visible nodes with their texts; what a node does not show is null. */
export async function nodesOf(page: Page): Promise<NodeFacts[]> {
  await canvasOf(page).locator('[data-node-id]').first().waitFor()
  return canvasOf(page)
    .locator('[data-node-id]')
    .evaluateAll((all) =>
      all.map((node) => {
        const part = (role: string) => node.querySelector(`[data-role=${role}]`)?.textContent ?? null
        const title = node.getAttribute('aria-label')!.split(',')[0]
        return { id: node.getAttribute('data-node-id')!, title, value: part('value'), gradient: part('gradient') }
      }),
    )
}

interface EdgeFacts {
  readonly from: string
  readonly to: string
  readonly local: number
  readonly contribution: number
}

/** What each edge tells, with all digits. */
export async function edgesOf(page: Page): Promise<EdgeFacts[]> {
  const labels = await canvasOf(page)
    .locator('[data-edge]')
    .evaluateAll((all) => all.map((edge) => edge.getAttribute('aria-label')!))
  return labels.flatMap((label) => {
    const found = /^(.*) → (.*) \(.*local derivative ([^,]+), contribution (\S+)$/.exec(label)
    return found ? [{ from: found[1], to: found[2], local: Number(found[3]), contribution: Number(found[4]) }] : []
  })
}

/** Turns to the table of the program; name, value and gradient of each row, with all digits. */
export async function tableOf(page: Page): Promise<Map<string, { id: string; value: string; gradient: string }>> {
  const table = page.getByRole('table').filter({ has: page.getByRole('columnheader', { name: 'gradient' }) })
  if ((await table.count()) === 0) await page.keyboard.press('t')
  await table.waitFor()
  const rows = await table.locator('tbody tr[data-node-id]').evaluateAll((all) =>
    all.map((row) => {
      const full = (role: string) => {
        const cell = row.querySelector(`[data-role=${role}]`)
        return (cell?.querySelector('[data-value]') ?? cell)?.getAttribute('data-value') ?? ''
      }
      const name = row.querySelector('th')!.textContent!.trim()
      return [
        name,
        { id: row.getAttribute('data-node-id')!, value: full('value'), gradient: full('gradient') },
      ] as const
    }),
  )
  return new Map(rows)
}
