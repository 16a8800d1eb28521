/** What arrives in the layers of a deep network, and what helps. The network is built and differentiated in the page. */
import {
  activationFlow,
  compareDepth,
  type DepthLabOptions,
  type DepthStudy,
  depthLab,
  type Init,
  type Normalization,
} from 'chainrule/explain'
import { useDeferredValue, useMemo } from 'react'
import { useExplorer } from '../../model/store.ts'
import { Button } from '../../ui/button.tsx'
import { Chart } from '../parts/chart.tsx'
import { CountSlider } from '../parts/count-slider.tsx'
import { Blocks } from '../parts/document.tsx'
import { Choices } from '../parts/knobs.tsx'
import { Lab, Refusal } from '../parts/lab.tsx'
import type { Choice, Inputs } from '../parts/program.ts'
import { type Count, countOf } from '../parts/settings.ts'
import { setInputs } from '../parts/use-program.ts'
import { about } from '../texts.ts'

const DEPTH: Count = { id: 'depth', label: 'depth', start: 20, min: 1, max: 50 }
const WIDTH: Count = { id: 'width', label: 'width', start: 32, min: 1, max: 64 }
const SEED: Count = { id: 'seed', label: 'seed', start: 0, min: 0, max: 9999 }

const same = (...names: readonly string[]) => names.map((name) => [name, name] as const)

const ACTIVATION: Choice = {
  id: 'activation',
  label: 'Activation',
  options: same('sigmoid', 'tanh', 'relu', 'linear', 'leakyRelu', 'elu', 'selu', 'gelu', 'silu'),
}
const INIT: Choice = {
  id: 'init',
  label: 'Initialisation',
  options: [
    ['default', 'as nn.Linear starts'],
    ['xavierUniform', 'Xavier, uniform'],
    ['xavierNormal', 'Xavier, normal'],
    ['kaimingUniform', 'Kaiming, uniform'],
    ['kaimingNormal', 'Kaiming, normal'],
    ['orthogonal', 'orthogonal'],
    ['0.01', 'normal, σ = 0.01'],
    ['0.5', 'normal, σ = 0.5'],
    ['1', 'normal, σ = 1'],
  ],
}
const NORMALIZATION: Choice = {
  id: 'normalization',
  label: 'Normalisation',
  options: same('none', 'layerNorm', 'batchNorm', 'rmsNorm'),
}
const COMPARE: Choice = {
  id: 'compare',
  label: 'Compare',
  options: [
    ['activation', 'sigmoid, tanh, ReLU'],
    ['init', 'three initialisations'],
    ['residual', 'shortcuts or none'],
    ['normalization', 'normalisations'],
    ['nothing', 'nothing'],
  ],
}

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
  const later = useDeferredValue(inputs)
  const found = useMemo(() => attempt(later), [later])
  return (
    <Lab about={about['play/depth']} controls={<Controls inputs={inputs} />}>
      {'error' in found ? <Refusal error={found.error} /> : <Findings {...found} />}
    </Lab>
  )
}

function attempt(inputs: Inputs) {
  try {
    const others = variants(inputs)
    return { study: depthLab(optionsOf(inputs)), comparison: others.length > 0 ? compareDepth(others) : null }
  } catch (error) {
    return { error }
  }
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

function Findings({ study, comparison }: { study: DepthStudy; comparison: ReturnType<typeof compareDepth> | null }) {
  const flow = useMemo(() => activationFlow({ seed: study.settings.seed }), [study.settings.seed])
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
