/** Runs a script under observation, sends its trace, and stays to explain what it computed. */
import {
  type ExplanationJson,
  explainRecorded,
  type RecordedElement,
  type Recording,
  startRecording,
  type Trace,
} from '../../../explain/index.ts'
import { readSources } from '../sources.ts'
import type { Script } from '../tasks.ts'

export interface ExploreRequest {
  /** How many ops are kept. */
  readonly maxNodes: number
}

export interface Question {
  readonly id: number
  readonly output: RecordedElement
  readonly input: RecordedElement
}

/** What it says: the trace, of the whole script or of one that failed, and answers. */
export type ExploreNote =
  | { readonly is: 'trace'; readonly trace: Trace; readonly whole: boolean }
  | { readonly is: 'answer'; readonly id: number; readonly explanation: ExplanationJson }
  | { readonly is: 'refusal'; readonly id: number; readonly message: string }

/** A trace may hold so many numbers, so that the page stays quick. */
const ROOM = { maxElements: 4096, maxNumbers: 200_000 }

export async function run(script: Script, { maxNodes }: ExploreRequest): Promise<null> {
  const sources: Record<string, string> = {}
  const session = startRecording({ title: script.path, sources, root: `${process.cwd()}/`, maxNodes })
  const say = (note: ExploreNote): void => script.note(note)
  const finish = (whole: boolean): Recording => {
    const recording = session.stop()
    readSources(recording, sources)
    say({ is: 'trace', trace: recording.toTrace(ROOM), whole })
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
    say({ is: 'answer', id, explanation: explainRecorded(recording, output, input).toJSON() })
  } catch (error) {
    say({ is: 'refusal', id, message: (error as Error).message })
  }
}
