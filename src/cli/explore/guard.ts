/**
 * Who may ask: a page of this very server, in a browser on this machine. Another site that a browser has open can send
 * requests to a port of this machine as well, under its own name (Origin) or, by way of its own domain name server, under
 * a name of its own for this machine (Host).
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** A secret for one run of the server. */
export const makeToken = (): string => randomBytes(24).toString('base64url')

/** In which header the page shows the token. */
const TOKEN_HEADER = 'x-chainrule-token'

/** Whether a request is for this server under its own name, and from a page of its own if it says from which. */
export function isOwn({ host, origin }: IncomingHttpHeaders, port: number): boolean {
  const names = [`127.0.0.1:${port}`, `localhost:${port}`]
  return names.includes(host ?? '') && (origin === undefined || origin === `http://${host}`)
}

/** Whether it has the token. The comparison takes as long for any that is wrong. */
export function hasToken(headers: IncomingHttpHeaders, token: string): boolean {
  const given = Buffer.from(String(headers[TOKEN_HEADER] ?? ''))
  const wanted = Buffer.from(token)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}
