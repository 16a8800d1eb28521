/** What arrives in the layers of a deep network, and what helps. The network is built and differentiated in the page. */
import {
  ActivationFlow,
  DepthComparison,
  type DepthLabOptions,
  DepthStudy,
  type Init,
  type Normalization,
} from 'chainrule/explain'
import { useMemo } from 'react'
import { useExplorer } from '../../model/store.ts'
import { Button } from '../../ui/button.tsx'
import { Chart } from '../parts/chart.tsx'
import { CountSlider } from '../parts/count-slider.tsx'
import { Blocks } from '../parts/document.tsx'
import { Choices } from '../parts/knobs.tsx'
import { Computing, Lab, Refusal } from '../parts/lab.tsx'
import type { Choice, Inputs } from '../parts/program.ts'
import { countOf } from '../parts/settings.ts'
import { setInputs } from '../parts/use-program.ts'
import type { DepthFound } from './jobs.ts'
import { ACTIVATION, COMPARE, DEPTH, INIT, NORMALIZATION, SEED, WIDTH } from './settings.ts'
import { useLab } from './use-lab.ts'

const wordOf = ({ id, options }: Choice, inputs: Inputs): string =>
  options.find(([value]) => value === inputs[id])?.[0] ?? options[0][0]

function optionsOf(inputs: Inputs): DepthLabOptions {
  const init = wordOf(INIT, inputs)
  return {
    depth: countOf(DEPTH, inputs),
    width: countOf(WIDTH, inputs),
    activation: wordOf(ACTIVATION, inputs),
    init: Number(init) > 0 ? Number(init) : (init as Init),
    normalization: wordOf(NORMALIZATION, inputs) as Normalization,
    residual: inputs.residual === 'true',
    seed: countOf(SEED, inputs),
  }
}

/** The networks to be compared: the same but for one setting. */
function variants(inputs: Inputs): readonly DepthLabOptions[] {
  const base = optionsOf(inputs)
  switch (wordOf(COMPARE, inputs)) {
    case 'activation':
      return ['sigmoid', 'tanh', 'relu'].map((activation) => ({ ...base, activation }))
    case 'init':
      return (['default', 'xavierNormal', 'kaimingNormal'] as const).map((init) => ({ ...base, init }))
    case 'residual':
      return [false, true].map((residual) => ({ ...base, residual }))
    case 'normalization':
      return (['none', 'layerNorm', 'batchNorm'] as const).map((normalization) => ({ ...base, normalization }))
    default:
      return []
  }
}

export function Depth() {
  const inputs = useExplorer((state) => state.inputs)
  const { found, error, isStale } = useLab('depth', { options: optionsOf(inputs), others: variants(inputs) })
  return (
    <Lab path="play/depth" controls={<Controls inputs={inputs} />} isStale={isStale}>
      {error !== null ? <Refusal why={error} /> : found ? <Findings found={found} /> : <Computing />}
    </Lab>
  )
}

function Controls({ inputs }: { inputs: Inputs }) {
  const residual = inputs.residual === 'true'
  return (
    <>
      <CountSlider count={DEPTH} inputs={inputs} />
      <CountSlider count={WIDTH} inputs={inputs} />
      <Choices choices={[ACTIVATION, INIT, NORMALIZATION]} inputs={inputs} />
      <p className="choice">
        <Button pressed={residual} onClick={() => setInputs({ residual: String(!residual) })}>
          {residual ? '✓ ' : ''}Residual shortcuts
        </Button>
      </p>
      <CountSlider count={SEED} inputs={inputs} />
      <Choices choices={[COMPARE]} inputs={inputs} />
    </>
  )
}

/** The documents of the library, from their fields. */
function documentsOf({ study, others, flow }: DepthFound) {
  const made = ({ settings, loss, layers }: DepthFound['study']) => new DepthStudy(settings, loss, layers)
  return {
    study: made(study),
    comparison: others.length > 0 ? new DepthComparison(others.map(made)) : null,
    flow: new ActivationFlow(flow.layers, flow.trials, flow.seed, flow.at, flow.activations),
  }
}

function Findings({ found }: { found: DepthFound }) {
  const { study, comparison, flow } = useMemo(() => documentsOf(found), [found])
  const blocks = study.blocks()
  const notes = blocks.filter(({ is }) => is === 'note')
  const data = blocks.filter((block) => !notes.includes(block))
  return (
    <>
      <div role="status">
        <Blocks blocks={notes} />
      </div>
      <Chart draw={(options) => study.toSvg(options)} says={study.verdict.text} height={380} />
      {comparison && (
        <>
          <Chart draw={(options) => comparison.toSvg(options)} says={comparison.title} height={360} />
          <Blocks blocks={comparison.blocks()} />
        </>
      )}
      <details>
        <summary>Show data: layer by layer</summary>
        <Blocks blocks={data} />
      </details>
      <details>
        <summary>The activations alone, without weights</summary>
        <Chart draw={(options) => flow.toSvg(options)} says={flow.title} height={340} />
        <Blocks blocks={flow.blocks()} />
      </details>
    </>
  )
}
