/** docs/command.md: what it shows is what the command prints, and its programs are those that were run. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { derive } from '../../src/cli/commands/derive.ts'
import { explain } from '../../src/cli/commands/explain.ts'
import { formats } from '../../src/cli/formats.ts'

const delivered = vi.hoisted(() => ({ text: '' }))
vi.mock('../../src/cli/output.ts', () => ({
  printOptions: () => ({ width: 80, color: false }),
  deliver: (text: string) => {
    delivered.text = text
  },
}))

// Processes take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const page = readFileSync(new URL('../../docs/command.md', import.meta.url), 'utf8')
const scripts = fileURLToPath(new URL('fixtures/explain/', import.meta.url))
const cli = fileURLToPath(new URL('../../dist/cli/index.js', import.meta.url))

/** What the command prints: its result, or else its message. */
async function printed(name: string, args: readonly string[]): Promise<string> {
  // Scripts are run by the compiled command.
  if (args[0].endsWith('.ts')) return spawned([name, ...args])
  try {
    await (name === 'explain' ? explain : derive).run(args)
    return delivered.text
  } catch (error) {
    return `chainrule: ${(error as Error).message}`
  }
}

function spawned(args: readonly string[]): Promise<string> {
  const { FORCE_COLOR, COLUMNS, ...env } = process.env
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...args], { cwd: scripts, env }, (error, stdout, stderr) =>
      resolve(error ? stderr.slice(stderr.indexOf('chainrule: ')) : stdout),
    )
  })
}

describe('docs/command.md', () => {
  const blocks = [...page.matchAll(/```console\n\$ npx chainrule (\w+) (.*)\n([\s\S]*?)\n```/g)].map((m) => m.slice(1))

  it('has examples', () => expect(blocks.length).toBeGreaterThan(8))

  it.each(blocks)('%s %s', async (name, line, shown) => {
    const [words, lines] = line.split(' | head -n ')
    const args = [...words.matchAll(/"(.*?)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain)
    const text = await printed(name, args)
    expect(
      text
        .trimEnd()
        .split('\n')
        .slice(0, Number(lines ?? Infinity))
        .join('\n')
        .trimEnd(),
    ).toBe(shown)
  })

  it.each(['neuron.ts', 'train.ts'])('shows %s as it is', (name) => {
    const source = readFileSync(`${scripts}${name}`, 'utf8')
    expect(page).toContain(`This is \`${name}\`:\n\n\`\`\`ts\n${source}\`\`\`\n`)
  })

  it('lists every format', () => {
    expect([...page.matchAll(/^\| `(\w+)` \| /gm)].map(([, name]) => name).toSorted()).toEqual(formats.toSorted())
  })
})
