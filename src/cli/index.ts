#!/usr/bin/env node
/** The command `chainrule`. */
import { inspect } from 'node:util'
import { ChainruleError } from '../errors/index.ts'
import { didYouMean, inWords, nearest } from '../explain/formula/nearest.ts'
import { type Command, EXIT, UsageError } from './command.ts'
import { check } from './commands/check.ts'
import { derive } from './commands/derive.ts'
import { explain } from './commands/explain.ts'
import { explore } from './commands/explore.ts'
import { flow } from './commands/flow.ts'
import { ScriptError } from './script/index.ts'
import { ownVersion } from './script/modules.ts'

const commands: readonly Command[] = [explain, explore, check, flow, derive]

const help = `Automatic differentiation that shows its work.

Usage: chainrule <command> [arguments]

${commands.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`).join('\n')}

Try:     chainrule explain "L = (w*x + b)^2" --at w=2,x=3,b=1
More:    chainrule <command> --help
Version: chainrule --version

Exit codes: 0 all is well; 1 a check failed or a problem was found; 2 it could
not be done.
`

async function main([name, ...rest]: readonly string[]): Promise<number> {
  if (name === undefined) return tell(help, EXIT.failed)
  if (name === '--help' || name === '-h') return tell(help)
  if (name === '--version' || name === '-v') return tell(`${ownVersion()}\n`)
  if (name === 'help') return tell(rest.length === 0 ? help : find(rest[0]).help)
  const command = find(name)
  const [own] = rest.includes('--') ? [rest.slice(0, rest.indexOf('--'))] : [rest]
  if (own.includes('--help') || own.includes('-h')) return tell(command.help)
  return command.run(rest)
}

function tell(text: string, exitCode: number = EXIT.fine): number {
  process.stdout.write(text)
  return exitCode
}

function find(name: string): Command {
  const command = commands.find((c) => c.name === name)
  if (command) return command
  const names = commands.map((c) => c.name)
  const close = didYouMean(nearest(name, names)) || `; there are ${inWords(names)}, see chainrule --help`
  throw new UsageError(`there is no command '${name}'${close}`)
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  const text = error instanceof ChainruleError ? error.message : `a mistake in chainrule itself: ${inspect(error)}`
  process.stderr.write(`chainrule: ${text}\n`)
  process.exitCode = error instanceof ScriptError ? error.exitCode : EXIT.failed
}
