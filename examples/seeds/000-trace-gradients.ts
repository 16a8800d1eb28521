/**
 * Article 000, listing "Gradient Accumulation via Chain Rule": the norm of every parameter's gradient in two deep
 * networks, from the output back to the input. Sigmoids lose most of the gradient on its way, ReLUs do not. The
 * article prints no norms and sets no seed; ours is 0.
 */
import { manualSeed, randint, randn, type Tensor } from 'chainrule'
import * as nn from 'chainrule/nn'
import * as optim from 'chainrule/optim'
import { scientific } from './format.ts'

function traceGradients(model: nn.Sequential, x: Tensor, y: Tensor): void {
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.01 })
  optimizer.zeroGrad()
  const loss = nn.bceWithLogits(model.forward(x).squeeze(), y)
  loss.backward()

  console.log('\nGradient norms (output → input):')
  for (const [name, parameter] of [...model.namedParameters()].reverse()) {
    console.log(`  ${name.padEnd(30)}: ${scientific(parameter.grad!.norm(), 2)}`)
  }
}

const network = (activation: () => nn.Layer): nn.Sequential =>
  new nn.Sequential(
    new nn.Linear(10, 32),
    activation(),
    new nn.Linear(32, 32),
    activation(),
    new nn.Linear(32, 32),
    activation(),
    new nn.Linear(32, 1),
  )

manualSeed(0)
const sigmoidNet = network(() => new nn.Sigmoid())
const reluNet = network(() => new nn.ReLU())
const x = randn([16, 10])
const y = randint(0, 2, [16]).toFloat32()

console.log('=== Sigmoid network ===')
traceGradients(sigmoidNet, x, y)
console.log('\n=== ReLU network ===')
traceGradients(reluNet, x, y)
