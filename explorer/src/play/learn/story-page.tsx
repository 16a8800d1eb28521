/**
 * A story about programs: a strip of stations, what is told at each, and the page itself in the state that it is about.
 * The station stands in the address, so each has a link, and every control of the page works all the while.
 */
import type { Trace } from 'chainrule/explain'
import { useEffect, useRef, useState } from 'react'
import { type Shape, seek, update, useExplorer } from '../../model/store.ts'
import { Button } from '../../ui/button.tsx'
import { openView } from '../../url/index.ts'
import { PlaygroundPage } from '../parts/playground.tsx'
import { chosenOf, type Inputs, type Program } from '../parts/program.ts'
import type { Chapter } from './chapter.ts'
import './learn.css'

interface Story {
  /** It has a choice `part`: the stations. */
  readonly program: Program
  readonly about: string
  readonly chapters: readonly Chapter[]
  /** What the two columns of pairs are. */
  readonly heads: readonly [string, string]
  /** A way out, to a view; at the last station it is the way on. */
  readonly skip?: { readonly label: string; readonly to: string }
}

/** The page of a story. */
export function storyPage({ program, about, chapters, heads, skip }: Story) {
  const chapterOf = (inputs: Inputs): Chapter => chapters[Number(chosenOf(program, inputs).part) - 1]
  const Lead = ({ trace, inputs }: { trace: Trace | null; inputs: Inputs }) => {
    const chapter = chapterOf(inputs)
    const title = useFocusAt(chapter)
    const isReady = trace !== null
    useEffect(() => {
      if (isReady) arrive(chapter)
    }, [chapter, isReady])
    useShape(isReady ? chapter.shape : undefined)
    return (
      <section className="story" aria-label="The story">
        <Strip chapters={chapters} at={chapter} />
        <h2 ref={title} tabIndex={-1}>
          {chapter.title}
        </h2>
        <p>{chapter.tells}</p>
        {chapter.pairs.length > 0 && <Pairs heads={heads} pairs={chapter.pairs} />}
        <p className="note note-good">{chapter.insight}</p>
        <Moves chapters={chapters} at={chapter} then={skip?.to} />
        <p className="story-ways">
          <Telling chapters={chapters} at={chapter} />
          {skip && chapter !== chapters.at(-1) && <a href={`#/${skip.to}`}>{skip.label}</a>}
        </p>
      </section>
    )
  }
  return function Page() {
    const { select } = chapterOf(useExplorer((state) => state.inputs))
    return <PlaygroundPage playground={{ program, about, opening: { select }, Lead }} />
  }
}

/** The title of a station that the reader has gone to has the focus, so that it is read on from there. */
function useFocusAt(chapter: Chapter) {
  const title = useRef<HTMLHeadingElement>(null)
  const before = useRef(chapter)
  useEffect(() => {
    if (before.current !== chapter) title.current?.focus()
    before.current = chapter
  }, [chapter])
  return title
}

/** The program as a graph or a table for as long as a station wants it so; then as the reader had it. */
function useShape(shape: Shape | undefined): void {
  useEffect(() => {
    if (!shape) return
    const before = useExplorer.getState().shape
    update({ shape })
    return () => update({ shape: before })
  }, [shape])
}

const go = ({ part }: Chapter): void => update({ inputs: { part }, session: null, selected: null })

/** Puts the player where the chapter wants it, unless a link has put it elsewhere. */
function arrive({ at, tab = 'derivation' }: Chapter): void {
  const { session, step } = useExplorer.getState()
  if (!session) return
  update({ tab })
  if (step < session.trace.steps.length - 1 || at === 'end') return
  seek(at === 'leaves' ? 0 : session.trace.steps.findLastIndex(({ phase }) => phase === 'forward'))
}

interface Place {
  readonly chapters: readonly Chapter[]
  readonly at: Chapter
}

function Strip({ chapters, at }: Place) {
  const place = chapters.indexOf(at)
  return (
    <nav className="strip" aria-label="Stations of the story">
      {chapters.map((chapter, i) => (
        <button
          key={chapter.part}
          type="button"
          className={i < place ? 'station station-past' : 'station'}
          aria-current={i === place ? 'step' : undefined}
          title={chapter.station}
          aria-label={`${chapter.part}: ${chapter.station}`}
          onClick={() => go(chapter)}
        >
          {chapter.part}
        </button>
      ))}
    </nav>
  )
}

/** How long a station is left to be read when the story plays: four words a second, and a moment to look. */
const readingTime = ({ tells, insight, pairs }: Chapter): number =>
  1000 * (4 + `${tells} ${insight} ${pairs.join(' ')}`.split(/\s+/).length / 4)

function Moves({ chapters, at, then }: Place & { readonly then: string | undefined }) {
  const place = chapters.indexOf(at)
  const isLast = place === chapters.length - 1
  return (
    <div className="story-move">
      <Button disabled={place === 0} onClick={() => go(chapters[place - 1])}>
        Back
      </Button>
      <span>
        Station {at.part} of {chapters.length}
      </span>
      {isLast && then !== undefined ? (
        <Button tone="main" onClick={() => openView(then)}>
          Done
        </Button>
      ) : (
        <Button tone="main" disabled={isLast} onClick={() => go(chapters[place + 1])}>
          Next
        </Button>
      )}
    </div>
  )
}

/** Goes on by itself, once the reader wants it to, and stops at the end. */
function Telling({ chapters, at }: Place) {
  const [isOn, setOn] = useState(false)
  const next = chapters[chapters.indexOf(at) + 1]
  useEffect(() => {
    if (!isOn) return
    if (!next) return setOn(false)
    const later = setTimeout(() => go(next), readingTime(at))
    return () => clearTimeout(later)
  }, [isOn, at, next])
  return (
    <Button disabled={!next} onClick={() => setOn(!isOn)}>
      {isOn ? 'Pause the story' : 'Play the story'}
    </Button>
  )
}

const Pairs = ({ heads, pairs }: { heads: readonly [string, string]; pairs: Chapter['pairs'] }) => (
  <table className="pairs">
    <thead>
      <tr>
        {heads.map((head) => (
          <th key={head} scope="col">
            {head}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {pairs.map(([one, other]) => (
        <tr key={one}>
          <td>{one}</td>
          <td>{other}</td>
        </tr>
      ))}
    </tbody>
  </table>
)
