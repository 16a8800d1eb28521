/** Programs in links: deflated, as base64url, behind the name of the way they were packed: `d1.`. */

const PREFIX = 'd1.'
/** No program is this long; a link that unpacks to more is not one of ours. */
const LONGEST = 1_000_000

/** Thrown when the program in a link cannot be read; the message is for the reader. */
export class LinkError extends Error {
  override readonly name = 'LinkError'
}

/** The program as it stands in a link. */
export async function packSource(source: string): Promise<string> {
  const stream = new Blob([source]).stream().pipeThrough(new CompressionStream('deflate-raw'))
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer())
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  return PREFIX + btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/**
 * The program of a link.
 * @throws LinkError where it is damaged, too long, or packed in a way that this page does not know.
 */
export async function unpackSource(packed: string): Promise<string> {
  const way = /^([a-z]\d+)\./.exec(packed)
  if (!way) throw new LinkError('The program in the link is damaged at its first characters.')
  if (way[0] !== PREFIX) throw new LinkError(`The program in the link was packed by a later version ("${way[1]}").`)
  const text = packed.slice(PREFIX.length)
  const wrong = text.search(/[^\w-]/)
  if (wrong >= 0 || text.length % 4 === 1)
    throw new LinkError(`The program in the link is damaged at character ${(wrong < 0 ? text.length : wrong) + 1}.`)
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
  return inflate(bytes)
}

async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader()
  const decoder = new TextDecoder()
  let source = ''
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      source += decoder.decode(part.value, { stream: true })
      if (source.length > LONGEST) break
    }
  } catch {
    throw new LinkError(`The program in the link is damaged; ${source.length} characters of it could be read.`)
  }
  if (source.length <= LONGEST) return source + decoder.decode()
  await reader.cancel()
  throw new LinkError(`The program in the link is longer than ${LONGEST} characters.`)
}
