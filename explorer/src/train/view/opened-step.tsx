/** One step of a training on the bench: forward and backward with the parameters and the batch of that step. */
import { useEffect } from 'react'
import { Workbench } from '../../app/workbench.tsx'
import { setInputs } from '../../play/parts/use-program.ts'
import { Button, Num } from '../../ui/index.ts'
import { back, open, type Shown, useTraining } from '../trainer.ts'

const about =
  'This is one step of the training, run once more from what was kept: forward and backward, before the parameters were changed. Select a parameter to see what its gradient is made of.'

export function OpenedStep({ opened: { step, loss } }: { opened: NonNullable<Shown['opened']> }) {
  const { steps, settings, changed } = useTraining()
  // With another η on the way, the settings of a link would not lead here.
  useEffect(() => {
    if (!changed) setInputs({ at: String(step) })
  }, [step, changed])
  return (
    <Workbench
      about={about}
      controls={
        <div className="opened">
          <Button tone="main" onClick={back}>
            Back to the training
          </Button>
          <dl>
            <dt>step</dt>
            <dd data-role="opened-step">
              {step} <span className="hint">(from 0 to {steps - 1})</span>
            </dd>
            <dt>loss</dt>
            <dd data-role="opened-loss">
              <Num value={loss} />
            </dd>
            <dt>batch</dt>
            <dd>all {settings?.batch} examples of this step</dd>
          </dl>
          <div className="opened-row">
            <Button disabled={step === 0} onClick={() => open(step - 1)}>
              Step before
            </Button>
            <Button disabled={step + 1 >= steps} onClick={() => open(step + 1)}>
              Step after
            </Button>
          </div>
          {changed && <p className="hint">η was changed on the way: a link leads to the settings, not to this step.</p>}
        </div>
      }
    />
  )
}
