/** A program into the code view, by a link as anybody could send it: it is shown there, and run when the reader says so. */
import { openView, packSource } from '../../url/index.ts'

export async function openCode(source: string): Promise<void> {
  openView('code', { src: await packSource(source) })
}
