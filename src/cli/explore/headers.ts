/**
 * What a browser is told about every answer. The page may load and ask nothing but this server; the worker in which
 * programs of the reader run may not even ask that. Both are isolated from other sites, without which there are no
 * threads.
 */

const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

/** Formulas are typeset by style attributes, and the editor brings its own style sheet; scripts come from files alone. */
const PAGE = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** A program is a module made of text, which has an address of its own kind. */
const PROGRAM = [
  "default-src 'none'",
  "script-src 'self' blob: 'wasm-unsafe-eval'",
  "connect-src 'none'",
  "worker-src 'self' blob:",
].join('; ')

/** The file of the worker in which programs run. */
const PROGRAM_WORKER = /(?:^|\/)program-worker[^/]*\.js$/

export const headersOf = (path: string): Record<string, string> => ({
  ...ISOLATED,
  'Content-Security-Policy': PROGRAM_WORKER.test(path) ? PROGRAM : PAGE,
})
