/** Small networks and what the tests of findings ask of them. */
import { expect } from 'vitest'
import { type Finding, type Flow, flow } from '../../src/explain/flow/index.ts'
import { noGrad, randn, type Tensor } from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'

export const named = ({ findings }: Flow, diagnosis: string): Finding[] =>
  findings.filter((found) => found.diagnosis === diagnosis)

/** The one thing that was found. */
export function only(found: Flow, diagnosis: string): Finding {
  expect(found.findings.map((each) => each.diagnosis)).toEqual([diagnosis])
  return found.findings[0]
}

export const silent = (found: Flow): void => expect(found.findings).toEqual([])

export const inputs = (): Tensor => randn([64, 8])
export const targets = (): Tensor => randn([64, 1])

/** Linear layers of 32 units with an activation after each; `change` is called with every one of them. */
export function chain(
  depth: number,
  activation: () => nn.Layer,
  change: (layer: nn.Linear) => void = () => {},
): nn.Sequential {
  const layers = Array.from({ length: depth }, (_, i) => {
    const linear = new nn.Linear(i === 0 ? 8 : 32, 32)
    noGrad(() => change(linear))
    return [linear, activation()]
  })
  return new nn.Sequential(...layers.flat(), new nn.Linear(32, 1))
}

export const kaiming = ({ weight }: nn.Linear): void => void nn.init.kaimingNormal_(weight, { nonlinearity: 'relu' })

export const flowOf = (model: nn.Layer, input = inputs(), target = targets()): Flow =>
  flow(model, () => nn.mseLoss(model.forward(input), target))

/** A function between two linear layers. */
export class Between extends nn.Module {
  fc1 = new nn.Linear(8, 16)
  fc2 = new nn.Linear(16, 1)
  readonly between: (h: Tensor) => Tensor

  constructor(between: (h: Tensor) => Tensor) {
    super()
    this.between = between
  }

  forward(input: Tensor): Tensor {
    return this.fc2.forward(this.between(this.fc1.forward(input)))
  }
}

/** The weight from state to state of a recurrent layer. */
export const recurrentWeight = (rnn: nn.RNN): Tensor => new Map(rnn.namedParameters()).get('weight_hh_l0')!
