/**
 * Pictures of the explorer for the docs: every view in a state that shows what it is for, light and dark, in
 * docs/img/explorer/. The page comes from the real command with a real script, so that the script's view is one of them.
 *
 *   node scripts/screenshots.mjs                 all views
 *   node scripts/screenshots.mjs neuron train    these alone
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { smallPng } from './small-png.mjs'

const root = resolve(fileURLToPath(import.meta.url), '../..')
const folder = join(root, 'docs', 'img', 'explorer')
const DESK = { width: 1280, height: 800 }
const PHONE = { width: 390, height: 800 }
/** Where the address that the command prints leads. */
const SCRIPT = 'graph'
const QUIET_MS = 700
const THEMES = ['light', 'dark']

const press = (keys) => async (page) => {
  for (const key of keys) await page.locator('body').press(key)
}
const click = (role, name) => (page) => page.getByRole(role, { name }).click()

/** A weight is moved, so that the page says what that changed. */
const moved = async (page) => {
  for (let i = 0; i < 3; i++) await page.getByRole('slider', { name: 'w', exact: true }).press('PageDown')
}

/** So many steps of training are taken before its picture. */
const TRAINED = 300

const trained = async (page) => {
  await page.getByRole('button', { name: /^Play/ }).first().click()
  const at = () => page.evaluate((most) => Number(/[Ss]tep (\d+)/.exec(document.body.innerText)?.[1]) >= most, TRAINED)
  const until = Date.now() + 60_000
  while (!(await at()) && Date.now() < until) await page.waitForTimeout(200)
  await page
    .getByRole('button', { name: /^Pause/ })
    .first()
    .click()
}

/** Where each view is, how large its window is if not as a desk has it, and what is done before its picture is taken. */
const VIEWS = {
  start: { link: '' },
  neuron: { link: 'play/neuron?activation=sigmoid', act: moved },
  'neuron-backward': { link: 'play/neuron?activation=sigmoid', act: press([',', ',']) },
  'neuron-table': { link: 'play/neuron', act: press([',', ',', 't']) },
  'two-input': { link: 'play/two-input' },
  'bce-221': { link: 'play/bce-221?y=1' },
  'net-434': { link: 'play/net-434' },
  paths: { link: 'play/paths' },
  gears: { link: 'play/gears' },
  activations: { link: 'play/activations' },
  modes: { link: 'play/modes?n=3&m=40' },
  depth: { link: 'play/depth?depth=30' },
  train: { link: 'train', act: trained },
  tour: { link: 'learn/tour?part=3' },
  blame: { link: 'learn/blame?part=4' },
  lines: { link: 'learn/lines' },
  exercises: { link: 'learn/exercises' },
  code: { link: 'code?example=moons' },
  formula: { link: 'formula' },
  script: { link: SCRIPT },
  help: { link: 'play/neuron', act: press(['?']) },
  share: { link: 'play/neuron?w=0.5', act: click('button', 'Share') },
  'neuron-phone': { link: 'play/neuron', window: PHONE },
  'tour-phone': { link: 'learn/tour?part=3', window: PHONE },
}

const FOLDERS = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/Applications/Google Chrome.app/Contents/MacOS']
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'Google Chrome']

function findChromium() {
  const places = FOLDERS.flatMap((place) => NAMES.map((name) => join(place, name)))
  return process.env.CHAINRULE_CHROMIUM ?? places.find((path) => existsSync(path))
}

function stop(message) {
  console.error(`screenshots: ${message}`)
  process.exit(1)
}

/** The command with a script: its address, and how to end it. */
async function explore() {
  const built = spawnSync(process.execPath, [join(root, 'scripts/setup.mjs'), '--explorer'], { stdio: 'inherit' })
  if (built.status !== 0) stop('the page could not be built')
  const args = [join(root, 'dist/cli/index.js'), 'explore', 'examples/seeds/001-autograd.ts', '--no-open']
  const command = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  for await (const part of command.stdout) {
    text += part
    const address = /http:\S+/.exec(text)?.[0]
    if (address) return { address, end: () => command.kill() }
  }
  return stop(`the command gave no address: ${text}`)
}

/** Waits until the view is there, computes nothing more, and has drawn nothing for a while. */
async function drawn(page) {
  await page.waitForFunction(() => {
    const said = [...document.querySelectorAll('[role=status]')].map(({ textContent }) => textContent.trim())
    const isBusy = said.some((text) => /^(Tracing|Computing|Arranging|Running|Finding)/.test(text))
    return !isBusy && document.querySelector('main')?.innerText.length > 100
  })
  const looks = () => page.evaluate(() => document.querySelector('main').innerHTML)
  let [before, now] = ['', await looks()]
  while (before !== now) {
    await page.waitForTimeout(QUIET_MS)
    ;[before, now] = [now, await looks()]
  }
}

async function take(browser, address, name, colorScheme) {
  const { link, window = DESK, act } = VIEWS[name]
  const page = await browser.newPage({ viewport: window, colorScheme, deviceScaleFactor: 1, reducedMotion: 'reduce' })
  const problems = []
  page.on('pageerror', ({ message }) => problems.push(message))
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  // Only the page of the script has to know of the command.
  await page.goto(link === SCRIPT ? address : `${new URL(address).origin}/${link && `#/${link}`}`)
  await drawn(page)
  await act?.(page)
  await drawn(page)
  const picture = smallPng(await page.screenshot())
  const file = `${name}-${colorScheme}.png`
  writeFileSync(join(folder, file), picture)
  console.log(`${file}  ${(picture.length / 1024).toFixed(0)} KB${problems.map((text) => `\n  ${text}`).join('')}`)
  await page.close()
  return picture.length
}

const names = process.argv.slice(2)
const unknown = names.find((name) => !(name in VIEWS))
if (unknown !== undefined) stop(`there is no view ${unknown}; there are ${Object.keys(VIEWS).join(', ')}`)
const executablePath = findChromium()
if (!executablePath) stop('this needs Chromium or Chrome; CHAINRULE_CHROMIUM names one that is not found by itself')

mkdirSync(folder, { recursive: true })
const { address, end } = await explore()
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
let bytes = 0
try {
  for (const name of names.length > 0 ? names : Object.keys(VIEWS))
    for (const theme of THEMES) bytes += await take(browser, address, name, theme)
} finally {
  await browser.close()
  end()
}
console.log(`${(bytes / 2 ** 20).toFixed(2)} MB in docs/img/explorer/`)
