/** A moment at which the page has nothing better to do. */

const PATIENCE_MS = 5000

const idle = (): Promise<void> =>
  new Promise((done) => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => done(), { timeout: 100 })
    else setTimeout(done, 50)
  })

/** Numbers come before beauty: where a program is to be shown, waits until it is, but not for ever. */
export async function rest(): Promise<void> {
  const end = performance.now() + PATIENCE_MS
  const has = (what: string) => document.querySelector(what) !== null
  const isWaiting = () => has('.skeleton, .waiting') || (has('.graph') && !has('[data-node-id]'))
  do await idle()
  while (isWaiting() && performance.now() < end)
}
