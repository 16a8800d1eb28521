/**
 * A web Worker over node:worker_threads, as much of one as jax-js uses: made from a blob address, postMessage, onmessage,
 * onerror. It exists to measure what jax-js does in a browser, where Worker is there.
 */
import { resolveObjectURL } from 'node:buffer'
import { Worker as Thread } from 'node:worker_threads'

const BOOT = `
const { parentPort } = require('node:worker_threads');
globalThis.self = globalThis;
globalThis.postMessage = (message) => parentPort.postMessage(message);
parentPort.once('message', (source) => {
  (0, eval)(source);
  parentPort.on('message', (data) => self.onmessage({ data }));
});
`

class WebWorker {
  #thread = new Thread(BOOT, { eval: true })
  #early = [] // what is posted before the source has been read

  constructor(address) {
    this.#thread.unref()
    this.#thread.on('message', (data) => this.onmessage?.({ data }))
    this.#thread.on('error', (error) => this.onerror?.(error))
    resolveObjectURL(String(address))
      .text()
      .then((source) => {
        const early = this.#early
        this.#early = null
        for (const message of [source, ...early]) this.#thread.postMessage(message)
      })
  }

  postMessage(message) {
    if (this.#early) this.#early.push(message)
    else this.#thread.postMessage(message)
  }
}

/** Must run before the library is loaded: it looks for Worker then. */
export function install(threads) {
  globalThis.Worker = WebWorker
  Object.defineProperty(globalThis, 'navigator', {
    value: { hardwareConcurrency: threads, userAgent: 'node' },
    configurable: true,
  })
}
