/** Plays a program: forward, seed, backward. Every step can be reached, in any order, and shows the same each time. */
import type { Trace } from 'chainrule/explain'
import { type KeyboardEvent, useEffect, useMemo } from 'react'
import { seek, useExplorer } from '../model/store.ts'
import { Button, Icon } from '../ui/index.ts'
import { NARROW, useMedia } from '../ui/use-media.ts'
import { advance, granularityOf, stepBy, togglePlay, usePace } from './actions.ts'
import { Pacing } from './pacing.tsx'
import { phasesOf } from './stops.ts'
import { stepSentence, tellStep } from './tell.ts'
import { useVoice } from './voice.ts'
import './player.css'

const PAGE = 10

export function Player() {
  const trace = useExplorer((state) => state.session?.trace)
  const step = useExplorer((state) => state.step)
  const playing = useExplorer((state) => state.playing)
  useClock(playing)
  useVoice()
  if (!trace || trace.steps.length === 0) return <section className="player player-empty" aria-label="Player" />
  const at = Math.min(step, trace.steps.length - 1)
  const last = trace.steps.length - 1
  return (
    <section className="player" aria-label="Player">
      <div className="player-buttons">
        <Button says="First step" disabled={at === 0} onClick={() => seek(0)}>
          <Icon name="first" />
        </Button>
        <Button says="Previous step (,)" disabled={at === 0} onClick={() => stepBy(-1)}>
          <Icon name="previous" />
        </Button>
        <Button tone="main" says={playing ? 'Pause (Space)' : 'Play (Space)'} onClick={togglePlay}>
          <Icon name={playing ? 'pause' : 'play'} />
        </Button>
        <Button says="Next step (.)" disabled={at === last} onClick={() => stepBy(1)}>
          <Icon name="next" />
        </Button>
        <Button says="Last step" disabled={at === last} onClick={() => seek(last)}>
          <Icon name="last" />
        </Button>
      </div>
      <Track trace={trace} step={at} />
      <Pacing trace={trace} />
      <Sentence trace={trace} step={at} />
    </section>
  )
}

function useClock(playing: boolean): void {
  const speed = usePace((state) => state.speed)
  useEffect(() => {
    if (!playing) return
    const timer = setInterval(advance, 1000 / speed)
    return () => clearInterval(timer)
  }, [playing, speed])
}

function Track({ trace, step }: { trace: Trace; step: number }) {
  const last = trace.steps.length - 1
  const phases = useMemo(() => phasesOf(trace), [trace])
  const calls = trace.calls.length
  const pace = usePace()
  const stride = granularityOf(trace, pace)
  const key = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: PAGE, PageDown: -PAGE }[event.key]
    if (by === undefined) return
    event.preventDefault()
    stepBy(by)
  }
  return (
    <div className="track" data-stride={stride}>
      <div className="phases" aria-hidden="true">
        {phases.map(({ phase, call, from, to }) => (
          <button
            key={from}
            type="button"
            tabIndex={-1}
            className={`phase phase-${phase}`}
            style={{ flexGrow: to - from }}
            title={`${phase}${call === null || calls < 2 ? '' : ` of call ${call + 1}`}: from step ${from}`}
            onClick={() => seek(from)}
          >
            {(phase === 'forward' || phase === 'backward') && (
              <PhaseName phase={phase} call={calls < 2 ? null : call} />
            )}
          </button>
        ))}
      </div>
      <input
        className="track-range"
        type="range"
        aria-label="Step"
        aria-valuetext={stepSentence(trace, step)}
        min={0}
        max={last}
        step={1}
        value={step}
        onChange={(event) => seek(Number(event.target.value))}
        onKeyDown={key}
      />
    </div>
  )
}

/** As much of it as there is room for: "backward 2", or "2", or nothing. */
const PhaseName = ({ phase, call }: { phase: string; call: number | null }) => (
  <span className={call === null ? 'phase-name' : 'phase-name phase-numbered'}>
    <span className="phase-word">{phase}</span>
    {call !== null && <span className="phase-number">{call + 1}</span>}
  </span>
)

function Sentence({ trace, step }: { trace: Trace; step: number }) {
  const { place, phase, text } = tellStep(trace, step)
  // Only where there is little room.
  const scrolls = useMedia(NARROW)
  return (
    <p className="sentence" tabIndex={scrolls ? 0 : undefined}>
      <span className="sentence-place" data-role="step">
        {place}
      </span>{' '}
      <span className={`sentence-phase phase-${trace.steps[step].phase}`}>{phase}</span> <span>{text}</span>
    </p>
  )
}
