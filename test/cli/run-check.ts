/** Runs the command `chainrule check`, as it is installed, on the scripts in fixtures/check. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

export const command = fileURLToPath(new URL('../../dist/cli/index.js', import.meta.url))
export const cwd = fileURLToPath(new URL('fixtures/check/', import.meta.url))

export interface Run {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const runs = new Map<string, Promise<Run>>()

/** The same words are run once. */
export function check(...args: string[]): Promise<Run> {
  const words = JSON.stringify(args)
  const started = runs.get(words) ?? start(args)
  runs.set(words, started)
  return started
}

const start = (args: readonly string[]): Promise<Run> =>
  new Promise((resolve) => {
    execFile(process.execPath, [command, 'check', ...args], { cwd }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    )
  })

export interface Told {
  readonly verdict: string
  readonly order: number
  readonly mode: string
  readonly origin: string
  readonly evaluations: number
  readonly notes: readonly string[]
  readonly problem: {
    readonly text: string
    readonly place: { readonly path: string; readonly line: number } | null
  } | null
  readonly inputs: readonly {
    readonly name: string
    readonly shape: readonly number[]
    readonly kinks: number
    readonly wrong: number | null
    readonly worst: Readonly<Record<'analytic' | 'numeric' | 'absoluteError' | 'relativeError', number>> & {
      readonly index: readonly number[]
      readonly output: string
    }
  }[]
}

/** What is told of every export, by its name. */
export async function told(script: string, ...args: string[]) {
  const { code, stdout } = await check(script, '--format', 'json', ...args)
  const { format, version, exports } = JSON.parse(stdout)
  expect([format, version]).toEqual(['chainrule-check', 1])
  return {
    code,
    of: Object.fromEntries(exports.map((e: Told & { name: string }) => [e.name, e])) as Record<string, Told>,
  }
}

export const inputsOf = ({ inputs }: Told) => inputs.map(({ name, shape }) => [name, shape])
