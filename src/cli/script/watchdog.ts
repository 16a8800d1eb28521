/**
 * A second thread in the process of a script, for what the first cannot do while it is busy: it says where the script
 * is when its time is up, and ends it when the process that started it is gone. The place comes from pausing the main
 * thread by way of Node's inspector, so it costs nothing until then. A thread that only waits has nothing to be paused
 * in, so it is sent a message: it is paused either in the script or in what hears the message.
 */
import { Session } from 'node:inspector'
import { parentPort, workerData } from 'node:worker_threads'
import { type Frame, type Job, PHASE, PHASES, say } from './protocol.ts'

export interface WatchdogData {
  readonly shared: Int32Array
  readonly job: Job
}

const { shared, job } = workerData as WatchdogData
const { timeoutMs, parent } = job

const CHECK_MS = 1000
/** Enough to come from the depths of the library to the script; more would only be read. */
const FRAMES = 200

function stop(): void {
  const session = new Session()
  const report = (frames: readonly Frame[]): void => {
    const said = say(shared, { is: 'timeout', phase: PHASES[Atomics.load(shared, PHASE)], frames })
    // The script has just ended by itself: it goes on to do so.
    if (!said) session.disconnect()
  }
  session.connectToMainThread()
  const urls = new Map<string, string>()
  session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url))
  session.on('Debugger.paused', ({ params }) => {
    const frames = params.callFrames.slice(0, FRAMES).map(({ location }) => ({
      url: urls.get(location.scriptId) ?? '',
      line: location.lineNumber + 1,
      column: (location.columnNumber ?? 0) + 1,
    }))
    report(frames)
  })
  session.post('Debugger.enable')
  session.post('Debugger.pause')
  parentPort!.postMessage('time is up')
}

// The time runs from when the script begins, of which a message tells; a second one says that it does not count any more.
let timer: NodeJS.Timeout | undefined
parentPort!.on('message', () => {
  if (timer) clearTimeout(timer)
  else if (timeoutMs !== null) timer = setTimeout(stop, timeoutMs)
})
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL')
}, CHECK_MS)
