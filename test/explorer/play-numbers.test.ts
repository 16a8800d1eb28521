/** Playgrounds with drawn numbers in a browser: graph, table, code and the note on what changed against the library. */
import { execFileSync } from 'node:child_process'
import { manualSeed, rand } from 'chainrule'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { localSession } from '../../explorer/src/model/local.ts'
import { chosenOf, type Inputs, knobsOf, type Program } from '../../explorer/src/play/parts/program.ts'
import { runProgram } from '../../explorer/src/play/parts/run.ts'
import { bce221 } from '../../explorer/src/play/programs/bce-221.ts'
import { gears } from '../../explorer/src/play/programs/gears.ts'
import { net434 } from '../../explorer/src/play/programs/net-434.ts'
import { neuron } from '../../explorer/src/play/programs/neuron.ts'
import { paths } from '../../explorer/src/play/programs/paths.ts'
import { twoInput } from '../../explorer/src/play/programs/two-input.ts'
import { showNumber } from '../../explorer/src/ui/show-number.ts'
import { unpackSource } from '../../explorer/src/url/pack.ts'
import { root } from '../compile/matrix/start.ts'
import { edgesOf, nodesOf, SOON, tableOf } from './rows.ts'
import { browserPath, shown, siteForTests } from './shell-site.ts'

/** Numbers for everything that can be moved, with all digits; labels stay within their bounds. */
function drawn(program: Program, chosen: Inputs, seed: number): Inputs {
  manualSeed(seed)
  const knobs = program.leaves(chosenOf(program, chosen)).flatMap(knobsOf)
  const numbers = rand([knobs.length], { dtype: 'float64' }).data
  const of = (i: number) => {
    const { only } = knobs[i].leaf
    return only === 'bit' ? Math.round(numbers[i]) : only ? numbers[i] : 4 * numbers[i] - 2
  }
  return { ...chosen, ...Object.fromEntries(knobs.map(({ id }, i) => [id, String(of(i))])) }
}

const linkOf = ({ origin }: Program, inputs: Inputs) => `#/${origin}?${new URLSearchParams(inputs)}`
const ran = (program: Program, inputs: Inputs) =>
  localSession(program.origin, () => runProgram(program, inputs)).trace.nodes

const PLACES: readonly (readonly [Program, Inputs])[] = [
  [neuron, { activation: 'tanh' }],
  [neuron, { activation: 'silu' }],
  [twoInput, { activation: 'sigmoid' }],
  [bce221, {}],
  [bce221, { activation: 'softplus', loss: 'logit' }],
  [paths, { example: 'neurons' }],
  [gears, { chain: 'three' }],
]

describe.skipIf(!browserPath)('numbers on screen', () => {
  const site = siteForTests()
  const open = async (program: Program, inputs: Inputs): Promise<Page> => {
    // Large enough for nodes to have room for their numbers.
    const page = await site.page(linkOf(program, inputs), { viewport: { width: 1600, height: 1200 } })
    await shown(page)
    return page
  }

  it.each(PLACES.map(([program, chosen], i) => [program.origin, program, drawn(program, chosen, i)] as const))(
    'row 1: %s: graph, edges and table have the numbers of the library',
    async (_, program, inputs) => {
      const nodes = ran(program, inputs)
      const page = await open(program, inputs)
      const found = await nodesOf(page)
      expect(found.length).toBeGreaterThan(2)
      for (const { id, value, gradient } of found) {
        const node = nodes[Number(id)]
        expect(value, node.name).toBe(showNumber(node.value.data![0]))
        if (gradient !== null) expect(gradient, node.name).toBe(showNumber(node.gradients[0]!.data![0]))
      }
      for (const { to, from, local, contribution } of await edgesOf(page)) {
        const node = nodes.find(({ name }) => name === to)!
        const slots = node.inputs.flatMap((x, slot) => ('node' in x && nodes[x.node].name === from ? [slot] : []))
        const sent = slots.map((slot) => [node.local![slot]!.data![0], node.contributions![0]![slot]!.data![0]])
        expect(sent).toContainEqual([local, contribution])
      }
      for (const [name, { id, value, gradient }] of await tableOf(page)) {
        const node = nodes[Number(id)]
        expect(Number(value), name).toBe(node.value.data![0])
        if (gradient !== '') expect(Number(gradient), name).toBe(node.gradients[0]!.data![0])
      }
    },
  )

  it('the matrices of the 4 → 3 → 4 network are those of the library', async () => {
    const inputs = drawn(net434, {}, 5)
    const nodes = ran(net434, inputs)
    const page = await open(net434, inputs)
    const cells = await page
      .locator('.matrix:not(.units) .cell')
      .evaluateAll((all) =>
        all.map((cell) =>
          Array.from(cell.querySelectorAll<HTMLElement>('[data-value]'), (it) => Number(it.dataset.value)),
        ),
      )
    const expected = ['W1', 'b1', 'W2', 'b2'].flatMap((name) => {
      const { value, gradients } = nodes.find((node) => node.name === name)!
      return value.data!.map((v, i) => [v, gradients[0]!.data![i]])
    })
    expect(cells).toEqual(expected)
  })

  it.each([neuron, twoInput, bce221, net434, paths, gears].map((program, i) => [program.origin, program, i] as const))(
    '%s: the code that is shown has the gradients of the page',
    async (_, program, seed) => {
      const inputs = drawn(program, {}, seed + 20)
      const page = await open(program, inputs)
      await page.getByRole('button', { name: 'Show code' }).click()
      await expect.poll(() => page.url(), SOON).toContain('src=')
      const source = await unpackSource(new URL(page.url().replace('/#/', '/')).searchParams.get('src')!)
      const leaves = program.leaves(chosenOf(program, inputs)).filter(({ role }) => role !== 'target')
      const names = leaves.map(({ name }) => name)
      const tell = `console.log(JSON.stringify([${names.map((name) => `[${name}.grad.toArray()].flat(2)`)}]))`
      const told = execFileSync(process.execPath, ['--input-type=module', '-e', `${source}\n${tell}`], { cwd: root })
      const nodes = ran(program, inputs)
      const onPage = names.map((name) => [...nodes.find((node) => node.name === name)!.gradients[0]!.data!])
      // Text has no -0.
      expect(told.toString().trim()).toBe(JSON.stringify(onPage))
    },
  )
})

describe.skipIf(!browserPath)('what changed', () => {
  const site = siteForTests()
  const note = (page: Page) => page.getByRole('region', { name: 'What changed' })
  const numbers = (page: Page, part: string) =>
    note(page)
      .locator(`[data-part=${part}]`)
      .evaluateAll((all) =>
        all.map((it) => {
          const values = Array.from(it.querySelectorAll<HTMLElement>('[data-value]'), (v) => Number(v.dataset.value))
          return { from: values[0], to: values.at(-1)! }
        }),
      )
  const times = (all: readonly { readonly from: number; readonly to: number }[]) => ({
    from: all.reduce((product, { from }) => product * from, 1),
    to: all.reduce((product, { to }) => product * to, 1),
  })
  const near = (x: number) => expect.closeTo(x, 12)

  it('names the factor, and the factors multiply to the gradients before and after', async () => {
    const page = await site.page('#/play/neuron?activation=sigmoid')
    await shown(page)
    expect(await note(page).count()).toBe(0)
    const gradientOf = (w: string) => ran(neuron, { activation: 'sigmoid', w }).find(({ name }) => name === 'w')!
    await page.getByLabel('w, exact value').fill('2.5')
    await expect.poll(() => numbers(page, 'factor'), SOON).toHaveLength(3)
    const [gradient] = await numbers(page, 'gradient')
    expect(gradient).toEqual({
      from: gradientOf('1.5').gradients[0]!.data![0],
      to: gradientOf('2.5').gradients[0]!.data![0],
    })
    const product = times(await numbers(page, 'factor'))
    expect(product).toEqual({ from: near(gradient.from), to: near(gradient.to) })
    expect(await note(page).innerText()).toContain('w went from 1.5 to 2.5')
    expect(await note(page).locator('.changed-most').innerText()).toContain('sigmoid is flatter here')
    await expect
      .poll(() => page.locator('[data-role=live]').innerText(), SOON)
      .toMatch(/∂L\/∂w shrank (in size, )?from .* Most of it/)
    await page.getByRole('button', { name: 'Reset' }).click()
    await expect.poll(() => note(page).count(), SOON).toBe(0)
  })

  it('adds up where there are several ways', async () => {
    const page = await site.page(linkOf(net434, {}))
    await shown(page)
    await page.getByRole('button', { name: /^x\[0\]/ }).click()
    await expect.poll(() => numbers(page, 'factor'), SOON).toHaveLength(4)
    const [[gradient], [product], [others]] = await Promise.all(
      ['gradient', 'product', 'others'].map((part) => numbers(page, part)),
    )
    const factors = times(await numbers(page, 'factor'))
    expect(factors).toEqual({ from: near(product.from), to: near(product.to) })
    expect(gradient).toEqual({ from: near(product.from + others.from), to: near(product.to + others.to) })
  })
})
