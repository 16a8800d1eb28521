/** The files of a script: itself and what it imports by path, and so on. */
import { readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { findModule } from '../script/modules.ts'

const IMPORT = /\b(?:from|import)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]+)\1/g

/** A reader of text is enough: a file too many is only watched for nothing. */
export function filesOf(script: string): string[] {
  const files = new Set([script])
  // The set grows while it is gone through.
  for (const file of files) {
    const parent = pathToFileURL(file).href
    for (const [, , specifier] of textOf(file).matchAll(IMPORT)) {
      const found = findModule(specifier, parent)
      if (found) files.add(fileURLToPath(new URL(found)))
    }
  }
  return [...files]
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
