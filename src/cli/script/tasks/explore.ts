/** Runs a script under observation, sends its trace, and stays to explain what it computed. */
import { type ExplanationJson, explain, type Recording, startRecording, type Trace } from '../../../explain/index.ts'
import type { Tensor } from '../../../tensor/index.ts'
import { readSources } from '../sources.ts'
import type { Script } from '../tasks.ts'

export interface ExploreRequest {
  /** How many ops are kept. */
  readonly maxNodes: number
}

/** One number of a value: element `index` (row-major) of node `node`. */
export interface ElementAt {
  readonly node: number
  readonly index: number
}

export interface Question {
  readonly id: number
  readonly output: ElementAt
  readonly input: ElementAt
}

/** What it says: the trace, of the whole script or of one that failed, and answers. */
export type ExploreNote =
  | { readonly is: 'trace'; readonly trace: Trace; readonly whole: boolean }
  | { readonly is: 'answer'; readonly id: number; readonly explanation: ExplanationJson }
  | { readonly is: 'refusal'; readonly id: number; readonly message: string }

export async function run(script: Script, { maxNodes }: ExploreRequest): Promise<null> {
  const sources: Record<string, string> = {}
  const session = startRecording({ title: script.path, sources, root: `${process.cwd()}/`, maxNodes })
  const say = (note: ExploreNote): void => script.note(note)
  const finish = (whole: boolean): Recording => {
    const recording = session.stop()
    readSources(recording, sources)
    say({ is: 'trace', trace: traceOf(recording), whole })
    return recording
  }
  // A script that fails ends its process: what was recorded until then is said on the way out.
  const fail = (): Recording => finish(false)
  process.once('exit', fail)
  await script.load()
  process.off('exit', fail)
  const recording = finish(true)
  await script.stay((question) => answer(recording, question as Question, say))
  return null
}

function answer(recording: Recording, { id, output, input }: Question, say: (note: ExploreNote) => void): void {
  try {
    const [y, x] = [tensorAt(recording, output), tensorAt(recording, input)]
    const one = y.size === 1 ? y : y.at(...indexOf(y, output.index))
    say({ is: 'answer', id, explanation: explain(one, x, indexOf(x, input.index), { names: recording }).toJSON() })
  } catch (error) {
    say({ is: 'refusal', id, message: (error as Error).message })
  }
}

function tensorAt({ nodes }: Recording, { node }: ElementAt): Tensor {
  const found = nodes[node]
  if (!found) throw new RangeError(`there is no node ${node}; the recording has ${nodes.length}`)
  return found.tensor
}

/** One integer per dimension, of an element in row-major order. */
function indexOf({ shape }: Tensor, flat: number): number[] {
  let rest = flat
  return shape
    .toReversed()
    .map((size) => {
      const i = rest % size
      rest = Math.floor(rest / size)
      return i
    })
    .reverse()
}

/** A trace may hold so many values; larger tensors are then summed up, so that the page stays quick. */
const MOST_NUMBERS = 200_000

function traceOf(recording: Recording): Trace {
  const sizes = recording.nodes.map(({ value }) => value.size)
  const fits = (most: number) => sizes.reduce((sum, size) => sum + (size <= most ? size : 0), 0) <= MOST_NUMBERS
  return recording.toTrace({ maxElements: [4096, 1024, 256, 64, 16].find(fits) ?? 1 })
}
