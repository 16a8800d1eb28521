/** A step in words, for the eye, the ear and the slider alike. */
import type { Trace } from 'chainrule/explain'

export interface Told {
  /** "Step 7 of 23" */
  readonly place: string
  /** "backward", or "backward, call 2 of 3" */
  readonly phase: string
  readonly text: string
}

export function tellStep(trace: Trace, step: number): Told {
  const { phase, call, text } = trace.steps[step]
  const calls = trace.calls.length
  return {
    place: `Step ${step} of ${trace.steps.length - 1}`,
    phase: call === null || calls < 2 ? phase : `${phase}, call ${call + 1} of ${calls}`,
    text,
  }
}

export function stepSentence(trace: Trace, step: number): string {
  const { place, phase, text } = tellStep(trace, step)
  return `${place}, ${phase}: ${text}`
}
