/** Where results go: to the terminal as it is, or into a file that is there whole or not at all. */
import { renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { UsageError } from './command.ts'
import type { PrintOptions } from './formats.ts'

/** Pipes get plain text of 80 columns; colour follows https://no-color.org. */
export function printOptions(toFile: boolean): PrintOptions {
  const { stdout, env } = process
  const color = !toFile && !env.NO_COLOR && (stdout.isTTY || !!env.FORCE_COLOR)
  const columns = !toFile && stdout.isTTY ? stdout.columns : 80
  return { width: Math.max(20, Math.min(columns || 80, 120)), color }
}

/** @throws UsageError where the file cannot be written; what was there before then still is. */
export function deliver(text: string, file: string | undefined): void {
  const whole = text.endsWith('\n') ? text : `${text}\n`
  if (file === undefined) {
    toStdout(whole)
    return
  }
  const unfinished = `${file}.${process.pid}.part`
  try {
    writeFileSync(unfinished, whole)
    renameSync(unfinished, file)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw new UsageError(`--out: ${file} cannot be written: ${(error as Error).message}`)
  }
  process.stderr.write(`wrote ${file}\n`)
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
