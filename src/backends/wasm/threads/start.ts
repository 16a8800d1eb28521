/** A worker of Node or of a page, in the same few words. Neither keeps the process alive. */
import { type Message, workerSource } from './worker.ts'

export interface Thread {
  post(message: Message): void
  end(): void
}

/** Starts a worker; `lost` is called once when it has died. Undefined where there are none. */
export function startThread(lost: () => void): Thread | undefined {
  try {
    const node = globalThis.process?.getBuiltinModule?.('node:worker_threads')
    return node ? startInNode(node, lost) : startInPage(lost)
  } catch {
    // Out of memory, or a page that forbids workers: there are fewer threads.
    return undefined
  }
}

function startInNode(node: typeof import('node:worker_threads'), lost: () => void): Thread {
  // Without the options of this process: its loaders and inspectors are not meant for our few lines.
  const worker = new node.Worker(workerSource(), { eval: true, execArgv: [] })
  worker.unref()
  worker.on('error', () => {})
  worker.on('exit', lost)
  return { post: (message) => worker.postMessage(message), end: () => void worker.terminate() }
}

function startInPage(lost: () => void): Thread | undefined {
  if (typeof Worker !== 'function') return undefined
  const url = URL.createObjectURL(new Blob([workerSource()], { type: 'text/javascript' }))
  const worker = new Worker(url)
  worker.onerror = () => {
    worker.terminate()
    lost()
  }
  return { post: (message) => worker.postMessage(message), end: () => worker.terminate() }
}
