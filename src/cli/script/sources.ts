/** The texts of the files that a recorded script consists of. */
import { readFileSync } from 'node:fs'
import type { Recording } from '../../explain/index.ts'

/** Puts the text of every file of the recording into `sources`, which the recording carries. */
export function readSources({ lines }: Recording, sources: Record<string, string>): void {
  for (const { file } of lines) sources[file] ??= textOf(file)
}

/** Empty where the file is gone or is none, as in code made at run time. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
