/**
 * The worker that trains. It takes steps in slices, between which it can be spoken to, and tells the page what came of
 * them now and then, and only when the page has shown what it was told before.
 */
import type { Tensor } from 'chainrule'
import { explainRecorded, type Finding, type Recording } from 'chainrule/explain'
import type { Element } from '../model/session.ts'
import { loadDigits } from './data/digits.ts'
import { points } from './data/points.ts'
import type { News, Opened, Reply, Request } from './protocol.ts'
import { examplesOf, subjectOf } from './run/picture.ts'
import { type Entry, Training } from './run/training.ts'

/** So long it does not listen: about a frame, so that Pause is heard at once. */
const SLICE_MS = 16
/** So long a page has at least from one news to the next. */
const NEWS_MS = 100
const FINDINGS_MS = 1000
/** Derivations read single elements from the trace: there is room for a whole batch of digits and the weights it meets. */
const ROOM = { maxElements: 131_072, maxNumbers: 600_000 } as const

const send = (reply: Reply): void => postMessage(reply)
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

const { port1: heard, port2: here } = new MessageChannel()
/** Lets messages in. Timers would do as well, but those that follow each other soon last 4 ms at least. */
const listen = (): Promise<void> =>
  new Promise((done) => {
    heard.onmessage = () => done()
    here.postMessage(null)
  })

/** One run and the steps it still is to take. */
class Run {
  readonly #run: number
  readonly training: Training
  readonly #subject: Tensor
  #left = 0
  #pace = Infinity
  #entries: Entry[] = []
  #looping = false
  #seen: Promise<void> = Promise.resolve()
  #see: () => void = () => {}
  #stopped: Promise<void> = Promise.resolve()
  #stop: () => void = () => {}
  #bad: number | null = null
  #looked = -Infinity

  constructor(run: number, training: Training, subject: Tensor) {
    this.#run = run
    this.training = training
    this.#subject = subject
  }

  go(steps: number, pace: number): void {
    this.#left = steps
    this.#pace = pace
    if (!this.#looping) void this.#loop()
  }

  stop(): void {
    this.#left = 0
    this.#stop()
  }

  seen(): void {
    this.#see()
  }

  async #loop(): Promise<void> {
    this.#looping = true
    do {
      this.#stopped = new Promise((done) => {
        this.#stop = done
      })
      const rest = await this.#work()
      // Whoever stops a run need not wait for its pace, or for a page that is late.
      await Promise.race([Promise.all([this.#seen, pause(rest)]), this.#stopped])
      if (current !== this) return
      this.#tell()
    } while (this.#left > 0)
    this.#looping = false
  }

  /** Takes the steps of one news, slice by slice; how long to rest afterwards. */
  async #work(): Promise<number> {
    const [begin, limited] = [performance.now(), Number.isFinite(this.#pace)]
    const spent = () => performance.now() - begin
    const most = limited ? Math.max(1, Math.round((this.#pace * NEWS_MS) / 1000)) : Infinity
    let taken = 0
    while (current === this && this.#left > 0 && taken < most && spent() < NEWS_MS) {
      taken += this.#slice(Math.min(this.#left, most - taken))
      await listen()
    }
    return limited ? Math.max(0, (1000 * taken) / this.#pace - spent()) : 0
  }

  /** Takes at most so many steps; how many it were. */
  #slice(most: number): number {
    const begin = performance.now()
    let taken = 0
    while (taken < most && performance.now() - begin < SLICE_MS) {
      const entry = this.training.step()
      taken++
      this.#entries.push(entry)
      this.#left--
      if (this.#bad !== null || [entry.loss, ...entry.norms].every(Number.isFinite)) continue
      this.#bad = entry.step
      this.#left = 0
      break
    }
    return taken
  }

  /** What is new; called when the last news has been seen, or the run is stopped. */
  #tell(): void {
    const { training } = this
    const running = this.#left > 0
    this.#seen = new Promise((done) => {
      this.#see = done
    })
    const news: News = {
      entries: this.#entries,
      steps: training.steps,
      running,
      exam: running ? training.exam : training.examine(),
      picture: training.aside(() => Float32Array.from(training.learner.probabilities(this.#subject).data, Number)),
      findings: this.#findings(running),
      bad: this.#bad,
    }
    this.#entries = []
    send({ is: 'news', run: this.#run, news })
  }

  #findings(running: boolean): readonly Finding[] | null {
    const now = performance.now()
    if (running && now - this.#looked < FINDINGS_MS) return null
    this.#looked = now
    return this.training.findings()
  }
}

let current: Run | null = null
let latest = 0
let recording: Recording | null = null

async function start({ run, settings, digits }: Extract<Request, { is: 'start' }>): Promise<void> {
  latest = run
  current = null
  try {
    const samples = settings.set === 'digits' ? await loadDigits(digits) : points(settings.set, settings.seed)
    if (run !== latest) return
    const training = new Training(settings, samples)
    current = new Run(run, training, subjectOf(samples))
    const { perEpoch, learner } = training
    send({ is: 'ready', run, setting: { layers: learner.layers, perEpoch, examples: examplesOf(samples) } })
    current.go(0, Infinity)
  } catch (error) {
    send({ is: 'failed', run, message: (error as Error).message })
  }
}

function open({ id, step }: Extract<Request, { is: 'open' }>): void {
  recording = current!.training.record(step)
  const { nodes } = recording
  const opened: Opened = {
    trace: recording.toTrace(ROOM),
    loss: nodes.find(({ name }) => name === 'L')!.tensor.item(),
    weight: steepest(nodes),
  }
  send({ is: 'opened', id, opened })
}

/** In the first parameter, where many gradients may be 0: of pixels that are never inked. */
function steepest(nodes: Recording['nodes']): Element {
  const node = nodes.findIndex(({ kind }) => kind === 'parameter')
  let [index, most] = [0, 0]
  for (const [i, g] of (nodes[node].tensor.grad?.data ?? []).entries())
    if (Math.abs(Number(g)) > most) [index, most] = [i, Math.abs(Number(g))]
  return { node, index }
}

function answer(request: Request): void {
  if (request.is === 'start') void start(request)
  else if (request.is === 'go') current?.go(request.steps, request.pace)
  else if (request.is === 'pause') current?.stop()
  else if (request.is === 'rate') current?.training.setRate(request.lr)
  else if (request.is === 'seen') current?.seen()
  else if (request.is === 'open') open(request)
  else
    send({
      is: 'explained',
      id: request.id,
      explanation: explainRecorded(recording!, request.output, request.input).toJSON(),
    })
}

addEventListener('message', ({ data }: MessageEvent<Request>) => {
  try {
    answer(data)
  } catch (error) {
    const message = (error as Error).message
    if ('id' in data) send({ is: 'refused', id: data.id, message })
    else send({ is: 'failed', run: latest, message })
  }
})
