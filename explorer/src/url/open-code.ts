/** A program into the code view, by a link as anybody could send it: it is shown there, and run when the reader says so. */
import { packSource } from './pack.ts'
import { openView } from './route.ts'

export async function openCode(source: string): Promise<void> {
  openView('code', { src: await packSource(source) })
}
