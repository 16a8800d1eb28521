/** Runs a script under observation and explains what it called backward on. */
import { fileURLToPath } from 'node:url'
import { ChainruleError } from '../../../errors/index.ts'
import { type Block, type Recording, startRecording } from '../../../explain/index.ts'
import { captureSite } from '../../../explain/record/recorder.ts'
import { frameOf, observe, type Tensor } from '../../../tensor/index.ts'
import { type ExplainRequest, explainProgram } from '../../explain-program.ts'
import { shownPath } from '../modules.ts'
import { ScriptError } from '../script-error.ts'
import { readSources } from '../sources.ts'
import type { Script } from '../tasks.ts'

export interface ScriptRequest extends ExplainRequest {
  /** Which call of backward is explained, from 1; null for the last. The script is stopped after it. */
  readonly call: number | null
}

/** One call of backward can go over so many ops. */
const MOST = 100_000

export async function run(script: Script, request: ScriptRequest): Promise<string> {
  const sources: Record<string, string> = {}
  const root = `${process.cwd()}/`
  const session = startRecording({ title: script.path, sources, root, call: request.call ?? 'last', maxNodes: MOST })
  const calls = new Calls(request.call)
  await script.load()
  calls.stop()
  const recording = session.stop()
  readSources(recording, sources)
  const refuse = (problem: string): ScriptError => new ScriptError('task', `${script.path}: ${problem}`)
  const output = recording.calls.at(-1)?.roots[0]
  if (!output || calls.count < (request.call ?? 1)) throw refuse(calls.problem())
  if (recording.dropped > 0)
    throw refuse(`backward() went over ${MOST + recording.dropped} operations; at most ${MOST} are explained`)
  if (output.size !== 1) throw refuse(notOneNumber(recording, output))
  try {
    return explainProgram({ recording, output, about: about(recording, output, calls) }, request)
  } catch (error) {
    // It is about what was asked, not thrown by the script.
    throw error instanceof ChainruleError ? refuse(error.message) : error
  }
}

/** Counts the calls of backward, and ends the script after the one that is asked for. */
class Calls {
  count = 0
  /** Which one is asked for; null for the last. */
  readonly wanted: number | null
  /** The walks that are under way, one inside of the other. */
  #depth = 0
  /** Whether a transform such as grad has walked, whose tape is its own. */
  #transforms = false
  #site: Error | undefined
  readonly stop: () => void

  constructor(wanted: number | null) {
    this.wanted = wanted
    this.stop = observe({
      walking: (outputs) => {
        if (outputs.some((y) => y.level > 0)) this.#transforms = true
        else if (this.#depth === 0) this.#begin()
        this.#depth++
      },
      walked: () => {
        // Again at each later call, if the script has caught what ends it.
        if (--this.#depth === 0 && this.wanted !== null && this.count >= this.wanted) process.exit(0)
      },
    })
  }

  #begin(): void {
    this.count++
    this.#site = captureSite(FRAMES)
  }

  /** `train.ts:13`, where the last of them was. */
  get place(): string {
    const frame = frameOf(this.#site)
    if (!frame) return ''
    const file = frame.file.startsWith('file:') ? fileURLToPath(frame.file) : frame.file
    return `${shownPath(file, process.cwd())}:${frame.line}`
  }

  /** Why there is nothing to explain. */
  problem(): string {
    if (this.count > 0) return `it called backward() ${times(this.count)}; there is no call ${this.wanted}`
    const remedy = 'call it on the loss, as in loss.backward()'
    if (!this.#transforms) return `it never called backward(), so there is no gradient to explain; ${remedy}`
    return `it differentiates by transforms such as grad or vjp, which leave no tape behind; to have a gradient explained, ${remedy}`
  }
}

/** The frames of the library lie above that of the program. */
const FRAMES = 40

const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`)

function about(recording: Recording, output: Tensor, { count, place, wanted }: Calls): Block[] {
  const name = recording.find(output)?.name ?? 'a value'
  const called = `backward() was called on ${name}${place && ` at ${place}`}`
  const last = count === 1 ? '' : `, the last of ${count} calls; --call 1 explains the first`
  const of = wanted === null ? last : `, call ${wanted}, and the script was stopped there`
  const seed = recording.calls[0].seeds[0].item()
  const weighted =
    seed === 1
      ? ''
      : ` It was given the gradient ${seed}, and all gradients in the table are ${seed} times the derivative.`
  return [{ is: 'paragraph', parts: [`${called}${of}.${weighted}`] }]
}

function notOneNumber(recording: Recording, y: Tensor): string {
  const name = recording.find(y)?.name ?? 'the output'
  const first = `${name}.at(${y.shape.map(() => 0).join(', ')})`
  return `backward() was called on ${name}, which is [${y.shape.join(', ')}]; what is explained is the derivative of one number: call it on ${name}.sum() or on an element, ${first}`
}
