/**
 * Where a run leaves its files: a new folder of its own, tried before hours of work depend on it. Nothing is ever
 * overwritten: where the name is taken, a number is added.
 */
import { mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ChainruleError } from 'chainrule'

const HOME = 'runs'

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a part of the path is a file',
  ENAMETOOLONG: 'the name is too long',
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? ''

function orExplain<T>(path: string, write: () => T): T {
  try {
    return write()
  } catch (error) {
    const why = REASONS[codeOf(error)] ?? (error as Error).message
    throw new ChainruleError(`cannot write to ${path}: ${why}`, { cause: error })
  }
}

/**
 * Makes runs/NAME, or runs/NAME-2, -3 ... where that exists. If nothing is ever put into it, it goes when the program
 * ends.
 * @throws ChainruleError where no file can be written there.
 */
export function makeFolder(name: string): string {
  orExplain(HOME, () => mkdirSync(HOME, { recursive: true }))
  for (let copy = 1; ; copy++) {
    const folder = join(HOME, copy === 1 ? name : `${name}-${copy}`)
    if (!orExplain(folder, () => isMade(folder))) continue
    process.on('exit', () => removeIfEmpty(folder))
    const probe = join(folder, 'probe')
    orExplain(folder, () => writeFileSync(probe, 'Can this be written?'))
    rmSync(probe)
    return folder
  }
}

function isMade(folder: string): boolean {
  try {
    mkdirSync(folder)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // it holds files
  }
}

/** Writes a file into the folder and returns its path. */
export function save(folder: string, name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  orExplain(path, () => writeFileSync(path, content))
  return path
}
