/** Runs a script and checks the gradients of what it exports. */
import { type CheckSettings, checkExports } from '../../check/check.ts'
import { CheckDocument } from '../../check/document.ts'
import { Progress } from '../../check/progress.ts'
import type { CheckedExport } from '../../check/result.ts'
import { EXIT } from '../../command.ts'
import { type Format, type PrintOptions, print } from '../../formats.ts'
import type { Script } from '../tasks.ts'

/** What the command line asks for; plain data, so that it can be sent to the process of a script. */
export interface CheckRequest {
  readonly settings: CheckSettings
  readonly format: Format
  readonly print: PrintOptions
  /** Columns for the progress bar; null where stderr is no terminal. */
  readonly columns: number | null
}

export async function run(script: Script, request: CheckRequest): Promise<{ text: string; exit: number }> {
  const exports = await script.load()
  const progress = new Progress({ columns: request.columns })
  const checked = checkExports(exports, script.path, request.settings, progress)
  const text = print(new CheckDocument(script.path, checked), request.format, request.print)
  return { text, exit: exitOf(checked.exports, request.settings.names.length > 0) }
}

/** What is wrong comes first. What no guess fits is a failure only where the user has asked for that very export. */
function exitOf(exports: readonly CheckedExport[], isNamed: boolean): number {
  const has = (wanted: CheckedExport['verdict']) => exports.some(({ verdict }) => verdict === wanted)
  if (has('wrong')) return EXIT.wrong
  const isMissed = exports.some(({ verdict, origin }) => verdict === 'unchecked' && (isNamed || origin === 'given'))
  return isMissed || !has('right') ? EXIT.failed : EXIT.fine
}
