/** Five exercises: a question, an answer that is judged with a hint, and the worked solution. */
import { type Exercise, exercises, judge, type Question, type Verdict } from 'chainrule/explain'
import { type FormEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import { useExplorer } from '../../model/store.ts'
import { Button } from '../../ui/button.tsx'
import { copyNumber } from '../../ui/show-number.ts'
import { toast } from '../../ui/toast.ts'
import { Lab } from '../parts/lab.tsx'
import { setInputs } from '../parts/use-program.ts'
import { parseAnswer } from './answer.ts'
import './learn.css'

export function Exercises() {
  const all = useMemo(() => exercises(), [])
  const inputs = useExplorer((state) => state.inputs)
  const [hasMoved, setMoved] = useState(false)
  const [solved, setSolved] = useState<ReadonlySet<string>>(new Set())
  const chosen = all.find(({ id }) => id === inputs.exercise) ?? all[0]
  const next = all[all.indexOf(chosen) + 1]
  const asked = inputs.exercise
  useEffect(() => {
    if (asked !== undefined && asked !== chosen.id)
      toast('warning', `There is no exercise ${JSON.stringify(asked)}; the first is shown.`)
  }, [asked, chosen])
  const open = ({ id }: Pick<Exercise, 'id'>) => {
    setMoved(true)
    setInputs({ exercise: id })
  }
  const controls = (
    <ol className="exercise-list">
      {all.map(({ id, title }) => (
        <li key={id}>
          <button
            type="button"
            className="exercise-link"
            aria-current={id === chosen.id ? 'step' : undefined}
            onClick={() => open({ id })}
          >
            <span aria-hidden="true">{solved.has(id) ? '✓' : '○'}</span> {title}
            {solved.has(id) && <span className="for-ear">, solved</span>}
          </button>
        </li>
      ))}
    </ol>
  )
  return (
    <Lab path="learn/exercises" controls={controls}>
      <ExerciseView
        key={chosen.id}
        exercise={chosen}
        takesFocus={hasMoved}
        onSolved={() => setSolved(new Set([...solved, chosen.id]))}
        onNext={next && (() => open(next))}
      />
    </Lab>
  )
}

/** Where the numbers of an exercise can be moved. */
const EXPERIMENTS: Readonly<Record<string, string>> = {
  'tanh-neuron': 'play/neuron?activation=tanh&w=0.3&x=0.5&b=0',
  'other-weight': 'play/bce-221',
  'sigmoid-hidden': 'play/bce-221?activation=sigmoid',
  'difference-error': 'play/gears',
  'ten-sigmoid-layers': 'play/depth?depth=10',
}

interface ExerciseProps {
  readonly exercise: Exercise
  /** The reader has gone to it within the page, and reads on at its title. */
  readonly takesFocus: boolean
  readonly onSolved: () => void
  readonly onNext?: () => void
}

function ExerciseView({ exercise, takesFocus, onSolved, onNext }: ExerciseProps) {
  const { title, prompt, questions, solution } = exercise
  const heading = useRef<HTMLHeadingElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: on arrival only
  useEffect(() => {
    if (takesFocus) heading.current?.focus()
  }, [])
  const [right, setRight] = useState<readonly string[]>([])
  const judged = (ask: string, isRight: boolean) => {
    const now = isRight ? [...new Set([...right, ask])] : right.filter((it) => it !== ask)
    setRight(now)
    if (now.length === questions.length) onSolved()
  }
  return (
    <article className="exercise">
      <h2 ref={heading} tabIndex={-1}>
        {title}
      </h2>
      <p>{prompt}</p>
      {questions.map((question) => (
        <Answer key={question.ask} question={question} onJudged={(isRight) => judged(question.ask, isRight)} />
      ))}
      <details>
        <summary>Show the way there</summary>
        <ol className="solution">
          {solution.map(({ says, formula, value }) => (
            <li key={says + formula}>
              {says}: <code title={copyNumber(value)}>{formula}</code>
            </li>
          ))}
        </ol>
      </details>
      <p>
        <a href={`#/${EXPERIMENTS[exercise.id]}`}>Try it in the page</a>
      </p>
      {onNext && right.length === questions.length && (
        <Button tone="main" onClick={onNext}>
          Next exercise
        </Button>
      )}
    </article>
  )
}

function Answer({ question, onJudged }: { question: Question; onJudged: (right: boolean) => void }) {
  const id = useId()
  const [text, setText] = useState('')
  const [verdict, setVerdict] = useState<Verdict | null>(null)
  const check = (event: FormEvent) => {
    event.preventDefault()
    const parsed = parseAnswer(text)
    const found = 'value' in parsed ? judge(question, parsed.value) : { right: false, says: parsed.why }
    setVerdict(found)
    onJudged(found.right)
  }
  return (
    <form className="answer" onSubmit={check}>
      <label htmlFor={id}>{question.ask} =</label>
      <input
        id={id}
        type="text"
        inputMode="decimal"
        autoComplete="off"
        value={text}
        aria-invalid={verdict ? !verdict.right : undefined}
        aria-describedby={`${id}-verdict`}
        onChange={(event) => {
          setText(event.target.value)
          setVerdict(null)
        }}
      />
      <button type="submit" className="button button-main">
        Check
      </button>
      <p
        id={`${id}-verdict`}
        role="status"
        className={verdict ? `note note-${verdict.right ? 'good' : 'warning'}` : 'for-ear'}
      >
        {verdict && `${verdict.right ? '✓' : '✗'} ${verdict.says}`}
      </p>
    </form>
  )
}
