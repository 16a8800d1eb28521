/** Runs programs as they are and instrumented, all of them in one process of Node, and tells what they printed. */
import { spawnSync } from 'node:child_process'
import { instrument } from '../../src/explain/instrument/index.ts'
import { stripTypes } from '../../src/explain/instrument/strip-types.ts'

export interface Source {
  /** Its ending tells whether this is TypeScript. */
  readonly path: string
  readonly source: string
}

export interface Outcome {
  readonly plain: readonly string[]
  /** Instrumented, without an observer. */
  readonly silent: readonly string[]
  /** Instrumented, with an observer. */
  readonly observed: readonly string[]
  /** The names that the observer was told, in order and each once. */
  readonly told: readonly string[]
  /** How many loops were not left as often as they were entered. */
  readonly open: number
}

const driver = `
  import { readFileSync } from 'node:fs'
  import { inspect } from 'node:util'
  const OBSERVER = Symbol.for('chainrule.observer')
  async function run(code) {
    const printed = []
    globalThis.print = (...values) => { printed.push(values.map((v) => inspect(v, { depth: 6 })).join(' ')) }
    try {
      const url = 'data:text/javascript,' + encodeURIComponent(code) + '//' + Math.random()
      const exported = await import(url)
      printed.push('exports ' + inspect(exported, { depth: 6 }))
    } catch (error) {
      const line = /:(\\d+):\\d+\\)?$/m.exec(error?.stack ?? '')?.[1]
      printed.push('thrown ' + (error instanceof Error ? error.name + ': ' + error.message + ' in line ' + line : inspect(error)))
    }
    return printed
  }
  const outcomes = []
  for (const { plain, woven } of JSON.parse(readFileSync(0, 'utf8'))) {
    const told = new Set(), loops = new Map()
    const count = (by) => (...at) => loops.set(String(at), (loops.get(String(at)) ?? 0) + by)
    const observer = {
      name: (value, name) => (told.add(name), value),
      loop: count(1),
      iteration: () => {},
      endLoop: count(-1),
    }
    const outcome = { plain: await run(plain), silent: await run(woven) }
    globalThis[OBSERVER] = { file: () => observer }
    outcome.observed = await run(woven)
    delete globalThis[OBSERVER]
    outcomes.push({ ...outcome, told: [...told], open: [...loops.values()].filter((n) => n !== 0).length })
  }
  process.stdout.write(JSON.stringify(outcomes))
`

export function runAll(sources: readonly Source[]): Outcome[] {
  const programs = sources.map(({ path, source }) => ({
    plain: path.endsWith('.ts') ? stripTypes(source, path).code : source,
    woven: instrument(source, { path }).code,
  }))
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', driver], {
    input: JSON.stringify(programs),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  if (status !== 0) throw new Error(`the programs did not run to their end: ${stderr}`)
  return JSON.parse(stdout)
}
