/** Links and files that leave the page. */
import type { Trace } from 'chainrule/explain'
import { announce, save, toast } from '../ui/index.ts'
import { currentLink } from '../url/index.ts'

export const LONGEST_LINK = 8000

/** Of the page without its query: what the command's server was opened with is nobody else's business. */
export const shareUrl = (link: string): string => `${location.origin}${location.pathname}${link}`

/** Puts a link on the clipboard; false where the browser refuses. */
export async function copyLink(url: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(url)
    return true
  } catch {
    toast('warning', 'The browser did not let the page copy. Select the link and copy it by hand.')
    return false
  }
}

/** Copies the link of what is shown, or says why not. */
export async function copyCurrent(): Promise<void> {
  const url = shareUrl(currentLink())
  if (url.length > LONGEST_LINK) toast('warning', 'The program is too long for a link. Share offers it as a file.')
  else if (await copyLink(url)) announce('Link copied')
}

export function saveTrace(trace: Trace): void {
  const name = `${trace.title.replaceAll(/[^\w.-]+/g, '-') || 'trace'}.json`
  save(name, new Blob([JSON.stringify(trace)], { type: 'application/json' }))
}
