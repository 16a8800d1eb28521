/**
 * How far training has come: on a terminal one line that is drawn over and over, elsewhere (a file, a CI log) a plain
 * line now and then. What is to stay goes to another stream, above the line where both are the same terminal. The
 * cursor is never hidden or moved to another line, so whatever ends the program leaves the terminal in order.
 */

export interface ProgressState {
  /** Counted from 1. */
  readonly epoch: number
  readonly epochs: number
  /** Images of this epoch that were trained on, and how many it has. */
  readonly done: number
  readonly total: number
  /** Training loss now. */
  readonly loss: number
}

/** What follows from the passing of time; NaN while it is not known. */
export interface Pace {
  readonly imagesPerSecond: number
  readonly secondsLeft: number
}

/** What the reporter writes to: `process.stderr` is one. */
export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

const REDRAW_MS = 100
const LINE_MS = 2000
/** Even where a tenth of an epoch takes long, a log shows a sign of life. */
const SILENCE_MS = 30_000
/** The pace is measured over about so long: it follows changes without trembling. */
const PACE_MS = 5000
const BAR = { longest: 30, shortest: 8 }

/** 0:07, 12:34, 1:02:03 */
export function formatTime(seconds: number): string {
  if (!Number.isFinite(seconds)) return '-:--'
  const whole = Math.max(0, Math.round(seconds))
  const two = (n: number): string => String(n % 60).padStart(2, '0')
  const minutes = Math.floor(whole / 60)
  return minutes < 60 ? `${minutes}:${two(whole)}` : `${Math.floor(minutes / 60)}:${two(minutes)}:${two(whole)}`
}

/** Four decimals, in scientific notation where they would say nothing. */
export function formatLoss(loss: number): string {
  if (!Number.isFinite(loss)) return Number.isNaN(loss) ? 'NaN' : loss > 0 ? 'Infinity' : '-Infinity'
  const size = Math.abs(loss)
  return size !== 0 && (size < 1e-3 || size >= 1e4) ? loss.toExponential(2) : loss.toFixed(4)
}

/** ━━━━━━╸─── */
export function formatBar(share: number, width: number): string {
  const halves = Math.round(Math.min(Math.max(share, 0), 1) * width * 2)
  const filled = '━'.repeat(Math.floor(halves / 2)) + (halves % 2 === 1 ? '╸' : '')
  return filled + '─'.repeat(width - filled.length)
}

const shareOf = ({ done, total }: ProgressState): number => (total > 0 ? Math.min(done / total, 1) : 1)

function pieces(state: ProgressState, pace: Pace) {
  const rate = Number.isFinite(pace.imagesPerSecond) ? Math.round(pace.imagesPerSecond).toLocaleString('en-US') : '-'
  return {
    epoch: `epoch ${String(state.epoch).padStart(String(state.epochs).length)}/${state.epochs}`,
    // 100 % only when it is all
    percent: `${String(Math.floor(shareOf(state) * 100)).padStart(3)}%`,
    rate: `${rate} img/s`,
    loss: `loss ${formatLoss(state.loss)}`,
    left: `${formatTime(pace.secondsLeft)} left`,
  }
}

/** The line for a terminal: no longer than `width`, what matters least left out first. */
export function formatProgress(state: ProgressState, pace: Pace, width: number): string {
  const { epoch, percent, rate, loss, left } = pieces(state, pace)
  for (const tail of [[rate, loss, left], [loss, left], [loss]]) {
    const rest = [percent, ...tail].join('  ')
    const room = width - epoch.length - rest.length - 2
    if (room >= BAR.shortest) return `${epoch} ${formatBar(shareOf(state), Math.min(room, BAR.longest))} ${rest}`
  }
  // without a bar: as much as there is room for, whole words only
  const words = [[epoch, percent.trim(), loss], [epoch, percent.trim()], [percent.trim()], []]
  return words.map((some) => some.join('  ')).find((line) => line.length <= width)!
}

/** The line for a log. */
export function formatLogLine(state: ProgressState, pace: Pace): string {
  const { epoch, percent, rate, loss, left } = pieces(state, pace)
  return [epoch, percent, loss, rate, left].join('  ')
}

/**
 * @example
 * const progress = new ProgressReporter(process.stderr, process.stdout)
 * for (...) progress.update({ epoch, epochs, done, total, loss })
 * progress.print('epoch 1: 94.12 % of the test images')
 * progress.stop()
 */
export class ProgressReporter {
  readonly #out: Output
  readonly #lasting: Output
  readonly #now: () => number
  readonly #redraws: boolean
  #shown = false
  #lastTime = -Infinity
  #lastPlace = 0
  #samples: { time: number; images: number }[] = []

  /**
   * `lasting` takes what is printed. `now` tells the time in milliseconds; `redraw` is for what cannot be told from the
   * output, such as TERM=dumb.
   */
  constructor(
    out: Output,
    lasting: Output,
    { now = () => performance.now(), redraw = out.isTTY === true && process.env.TERM !== 'dumb' } = {},
  ) {
    this.#out = out
    this.#lasting = lasting
    this.#now = now
    this.#redraws = redraw
  }

  /** To be called after every step; writes only when it is time to. */
  update(state: ProgressState): void {
    const time = this.#now()
    const images = (state.epoch - 1) * state.total + state.done
    if (this.#samples.length === 0) {
      this.#samples.push({ time, images })
      if (!this.#redraws) this.#lastTime = time
    }
    if (this.#redraws) {
      if (time - this.#lastTime >= REDRAW_MS) this.#draw(state, time, images)
    } else if (this.#isTimeForLine(state, time)) {
      this.#out.write(`${formatLogLine(state, this.#pace(state, time, images))}\n`)
      this.#note(state, time)
    }
  }

  /** Writes a line that stays, above the bar where there is one. */
  print(line: string): void {
    this.#clear()
    this.#lasting.write(`${line}\n`)
    // the bar comes back with the next update
    if (this.#redraws) this.#lastTime = -Infinity
  }

  /** Takes the bar away; nothing need be undone afterwards. */
  stop(): void {
    this.#clear()
  }

  #draw(state: ProgressState, time: number, images: number): void {
    // a terminal may wrap when its last column is written to
    const width = (this.#out.columns || 80) - 1
    this.#out.write(`\r${formatProgress(state, this.#pace(state, time, images), width)}\u001b[K`)
    this.#shown = true
    this.#note(state, time)
  }

  #clear(): void {
    if (this.#shown) this.#out.write('\r\u001b[K')
    this.#shown = false
  }

  #note(state: ProgressState, time: number): void {
    this.#lastTime = time
    this.#lastPlace = state.epoch - 1 + shareOf(state)
  }

  #isTimeForLine(state: ProgressState, time: number): boolean {
    const waited = time - this.#lastTime
    const moved = state.epoch - 1 + shareOf(state) - this.#lastPlace
    return waited >= LINE_MS && (moved >= 0.1 || waited >= SILENCE_MS)
  }

  /** From the images since the newest sample that is old enough; called when something is written, not every step. */
  #pace(state: ProgressState, time: number, images: number): Pace {
    const samples = this.#samples
    while (samples.length > 1 && time - samples[1].time >= PACE_MS) samples.shift()
    const seconds = (time - samples[0].time) / 1000
    const imagesPerSecond = seconds > 0 ? (images - samples[0].images) / seconds : Number.NaN
    samples.push({ time, images })
    const left = state.epochs * state.total - images
    return { imagesPerSecond, secondsLeft: imagesPerSecond > 0 ? left / imagesPerSecond : Number.NaN }
  }
}
