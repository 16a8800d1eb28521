/** Runs the battery on the built package in processes of their own: with any Node and any settings. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { stripTypes } from '../../../src/explain/instrument/strip-types.ts'
import type { Report } from './battery.ts'
import type { Fixtures } from './fixtures.ts'

export const root = fileURLToPath(new URL('../../..', import.meta.url))

const MODULES = ['battery', 'engines', 'fixtures', 'networks']

const read = (path: string): unknown => JSON.parse(readFileSync(join(root, 'test', path), 'utf8'))

export const fixtures = (): Fixtures =>
  ({
    ops: read('fixtures/ops.json'),
    nn: read('fixtures/nn.json'),
    cases: read('seeds/fixtures/cases.json'),
  }) as Fixtures

/** The battery's modules as JavaScript, by file name. */
export const modules = (): Map<string, string> =>
  new Map(
    MODULES.map((name) => {
      const source = readFileSync(new URL(`./${name}.ts`, import.meta.url), 'utf8')
      const { code } = stripTypes(source, `${name}.ts`)
      return [`${name}.js`, code.replaceAll(/(from '\.\/\w+)\.ts'/g, "$1.js'")]
    }),
  )

const MAIN = `
  import { readFileSync } from 'node:fs'
  import { battery } from './battery.js'
  const [dist, all] = process.argv.slice(2)
  const fixtures = JSON.parse(readFileSync(new URL('./fixtures.json', import.meta.url), 'utf8'))
  const report = await battery({ fixtures, all: all === 'all', dist })
  process.stdout.write(JSON.stringify(report))
`

/** A folder outside of the package in which 'chainrule' is the built package. */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), 'chainrule-matrix-'))

  constructor() {
    mkdirSync(join(this.folder, 'node_modules'))
    symlinkSync(root, join(this.folder, 'node_modules', 'chainrule'), 'junction')
    writeFileSync(join(this.folder, 'package.json'), '{ "type": "module" }')
    for (const [name, code] of modules()) writeFileSync(join(this.folder, name), code)
    writeFileSync(join(this.folder, 'fixtures.json'), JSON.stringify(fixtures()))
    writeFileSync(join(this.folder, 'main.js'), MAIN)
  }

  async run(node: string, env: Readonly<Record<string, string>>, all: boolean): Promise<Report> {
    const settings = { ...process.env, CHAINRULE_TUNE: 'off', NODE_OPTIONS: '', ...env }
    const args = ['main.js', join(root, 'dist'), all ? 'all' : 'once']
    const { stdout } = await promisify(execFile)(node, args, { cwd: this.folder, env: settings, maxBuffer: 2 ** 26 })
    return JSON.parse(stdout) as Report
  }

  /** What a module prints, as JSON. It may import 'chainrule', and what the built package consists of from `dist`. */
  async evaluate<T>(source: string, flags: readonly string[], env: Readonly<Record<string, string>>): Promise<T> {
    writeFileSync(join(this.folder, 'evaluated.js'), `const dist = ${JSON.stringify(join(root, 'dist'))}\n${source}`)
    const settings = { ...process.env, NODE_OPTIONS: '', ...env }
    const args = [...flags, 'evaluated.js']
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: this.folder, env: settings })
    return JSON.parse(stdout) as T
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** The newest Node that the package `node` of npm has brought here, if any: CHAINRULE_NODE names its binary. */
export function newestNode(): string | undefined {
  const { CHAINRULE_NODE, npm_config_cache } = process.env
  if (CHAINRULE_NODE) return CHAINRULE_NODE
  const cache = join(npm_config_cache ?? join(process.env.HOME ?? '', '.npm'), '_npx')
  const folders = attempt(() => readdirSync(cache)) ?? []
  const binaries = folders.map((folder) => join(cache, folder, 'node_modules', 'node', 'bin', 'node'))
  const majors = binaries.map((path) => [path, majorOf(path)] as const).filter(([, major]) => major > 0)
  return majors.sort(([, a], [, b]) => b - a)[0]?.[0]
}

/** Of the Node whose binary that is; 0 where there is none. */
function majorOf(path: string): number {
  const text = attempt(() => readFileSync(join(path, '..', '..', 'package.json'), 'utf8'))
  return text ? Number.parseInt((JSON.parse(text) as { version: string }).version, 10) : 0
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action()
  } catch {
    return undefined
  }
}
