/** What can be done with the numbers of a playground: follow the gradient, go back, draw others, take the program along. */
import type { Trace } from 'chainrule/explain'
import { useState } from 'react'
import { update } from '../../model/store.ts'
import { Button } from '../../ui/button.tsx'
import { Num } from '../../ui/number.tsx'
import { NumberBox } from '../../ui/number-box.tsx'
import { openCode } from '../../url/index.ts'
import { type Inputs, learns, type Program } from './program.ts'
import { type Found, nodeNamed, valueAt } from './read.ts'
import { descend, outputOf, randomize, sourceOf } from './run.ts'
import { refuseRate } from './settings.ts'
import { keepInputs, setInputs } from './use-program.ts'

const LEARNING_RATE = 0.1

const rateOf = ({ rate: usual = LEARNING_RATE }: Program, { lr }: Inputs): number => {
  const rate = Number(lr)
  return lr !== undefined && refuseRate(rate) === undefined ? rate : usual
}

/** Of the numbers that were drawn last; null before that. */
const seedOf = ({ seed }: Inputs): number | null => (/^\d{1,9}$/.test(seed ?? '') ? Number(seed) : null)

interface Props {
  readonly program: Program
  readonly inputs: Inputs
  readonly trace: Trace | null
}

/** How many steps were taken since the numbers were last set by hand, and the loss before the last of them. */
interface Descent {
  readonly steps: number
  readonly before: Found
  /** The inputs that the last step led to: with others, it is history. */
  readonly inputs: Inputs
}

export function Actions({ program, inputs, trace }: Props) {
  const [last, setLast] = useState<Descent | null>(null)
  const output = outputOf(program, inputs)
  const value = trace ? valueAt(nodeNamed(trace, output)) : null
  const lr = rateOf(program, inputs)
  const step = async () => {
    const next = await descend(program, inputs, lr)
    setLast({ steps: last?.inputs === inputs ? last.steps + 1 : 1, before: value, inputs: next })
    update({ inputs: next })
  }
  const seed = seedOf(inputs)
  const next = (seed ?? 0) + 1
  const draw = () => update({ inputs: randomize(program, inputs, next) })
  const reset = () => update({ inputs: keepInputs(inputs, program.choices ?? []) })
  return (
    <div className="actions">
      {learns(program, inputs) && (
        <Button onClick={() => void step()} tone="main">
          Step once along −gradient
        </Button>
      )}
      <div className="actions-line">
        <p className="actions-said" aria-live="polite">
          {last?.inputs === inputs ? (
            <>
              Step {last.steps}: {output} went from <Num value={last.before} /> to <Num value={value} />.
            </>
          ) : (
            <>
              {output} is <Num value={value} />.
            </>
          )}
        </p>
        {learns(program, inputs) && <Rate lr={lr} />}
      </div>
      <div className="actions-row">
        <Button onClick={reset} says="The numbers of the start">
          Reset
        </Button>
        <Button onClick={draw} says={`Randomise with seed ${next}`}>
          Randomise
        </Button>
        {seed !== null && (
          <span className="hint" data-role="seed">
            seed {seed}
          </span>
        )}
        <Button onClick={() => openCode(sourceOf(program, inputs))}>Show code</Button>
      </div>
    </div>
  )
}

const Rate = ({ lr }: { lr: number }) => (
  <p className="actions-rate">
    <label htmlFor="learning-rate" title="learning rate">
      η
    </label>
    <NumberBox
      id="learning-rate"
      label="learning rate η"
      value={lr}
      onChange={(rate) => setInputs({ lr: String(rate) })}
      refuse={refuseRate}
    />
  </p>
)
