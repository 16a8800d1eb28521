/** Where results go: to the terminal as it is, or into a file that is there whole or not at all. */
import { realpathSync, renameSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { UsageError } from './command.ts'
import type { PrintOptions } from './formats.ts'

/** Pipes get plain text of 80 columns, or of COLUMNS; colour follows https://no-color.org. */
export function printOptions(toFile: boolean): PrintOptions {
  const { stdout, env } = process
  const color = !toFile && !env.NO_COLOR && (isOn(env.FORCE_COLOR) ?? (!!stdout.isTTY && env.TERM !== 'dumb'))
  const columns = (!toFile && (stdout.columns || Number(env.COLUMNS))) || 80
  return { width: Math.max(20, Math.min(Math.trunc(columns), 120)), color }
}

/** FORCE_COLOR=0 is no. */
const isOn = (value: string | undefined): boolean | undefined => (value ? value !== '0' : undefined)

/** @throws UsageError where the file cannot be written; what was there before then still is. */
export function deliver(text: string, file: string | undefined): void {
  const whole = text.endsWith('\n') ? text : `${text}\n`
  if (file === undefined) {
    toStdout(whole)
    return
  }
  try {
    replace(file, whole)
  } catch (error) {
    throw new UsageError(`--out: ${file} cannot be written: ${reason(error as NodeJS.ErrnoException, file)}`)
  }
  process.stderr.write(`wrote ${file}\n`)
}

function replace(file: string, text: string): void {
  const there = statSync(file, { throwIfNoEntry: false })
  // To rename onto a pipe or a device such as /dev/stdout would be to replace it.
  if (there && !there.isFile()) {
    writeFileSync(file, text)
    return
  }
  const target = there ? realpathSync(file) : file
  const unfinished = `${target}.${process.pid}.part`
  try {
    writeFileSync(unfinished, text)
    renameSync(unfinished, target)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
}

function reason({ code, message }: NodeJS.ErrnoException, file: string): string {
  if (code === 'ENOENT' || code === 'ENOTDIR') return `there is no folder ${dirname(file)}`
  if (code === 'EISDIR') return 'it is a folder'
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return 'it may not be written to'
  return code === 'ENOSPC' ? 'the disk is full' : message
}

/** Waits for a slow reader, and ends quietly where there is none any more (`chainrule ... | head`). */
function toStdout(text: string): void {
  const bytes = Buffer.from(text)
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(1, bytes, done)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EPIPE') return
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}
