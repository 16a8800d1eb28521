/**
 * A program of the page into the code view, by a link as anybody could send it. It is run there at once, for the page has
 * written it; the same text in a link from elsewhere is shown and left to the reader.
 */
import { packSource } from './pack.ts'
import { openView } from './route.ts'

/** The last program that the page has opened, as its link has it. */
let opened: string | null = null

export async function openCode(source: string): Promise<void> {
  opened = await packSource(source)
  openView('code', { src: opened })
}

/** Whether the page itself has opened this program, since it was loaded. */
export const isOwnCode = (src: string): boolean => src === opened
