/** Runs a script under observation and explains what it called backward on. */
import { readFileSync } from 'node:fs'
import { startRecording } from '../../../explain/index.ts'
import { type ExplainRequest, explainRecording } from '../../explain-program.ts'
import { ScriptError } from '../script-error.ts'
import type { Script } from '../tasks.ts'

export async function run(script: Script, request: ExplainRequest): Promise<string> {
  const sources: Record<string, string> = {}
  const session = startRecording({ title: script.path, sources })
  await script.load()
  const recording = session.stop()
  for (const { file } of recording.lines) sources[file] ??= textOf(file)
  // Of several calls of backward, as in a training loop, the last one is the one that the gradients are of.
  const root = recording.calls.at(-1)?.roots[0]
  if (!root)
    throw new ScriptError(
      'task',
      `${script.path}: it never called backward(), so there is no gradient to explain; call it on the loss, as in loss.backward()`,
    )
  return explainRecording(recording, root, request)
}

/** The text of a source file; empty where it is gone or is none, as in code made at run time. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
