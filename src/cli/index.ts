#!/usr/bin/env node
/** The command `chainrule`. */
import { ChainruleError } from '../errors/index.ts'
import { type Command, EXIT, UsageError } from './command.ts'
import { explain } from './commands/explain.ts'
import { ScriptError } from './script/script-error.ts'

const commands: readonly Command[] = [explain]

const help = `Automatic differentiation that shows its work.

Usage: chainrule <command> [arguments]

${commands.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`).join('\n')}

Try:     chainrule explain "L = (w*x + b)^2" --at w=2,x=3,b=1
More:    chainrule <command> --help

Exit codes: 0 all is well; 1 a check failed or a problem was found; 2 it could not be done.
`

async function main([name, ...rest]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(help)
    return name === undefined ? EXIT.failed : EXIT.fine
  }
  const command = commands.find((c) => c.name === name)
  if (!command) {
    const list = commands.map((c) => c.name).join(', ')
    throw new UsageError(`there is no command '${name}'; the commands are ${list}. See chainrule --help`)
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(command.help)
    return EXIT.fine
  }
  return command.run(rest)
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof ChainruleError)) throw error
  process.stderr.write(`chainrule: ${error.message}\n`)
  process.exitCode = error instanceof ScriptError ? error.exitCode : EXIT.failed
}
