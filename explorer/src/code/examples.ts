/** Programs to begin with: good ones, and two that go wrong on purpose. */
export interface Example {
  readonly id: string
  readonly title: string
  readonly source: string
  /** It takes the whole time there is, so that it runs only when it is asked for. */
  readonly isEndless?: true
}

const neuron = `import { tensor } from 'chainrule'

// One neuron: it should answer 1 when it sees 2.
const x = tensor(2, { name: 'x' })
const y = tensor(1, { name: 'y' })
const w = tensor(1, { requiresGrad: true })
const b = tensor(-1, { requiresGrad: true })

const z = w.mul(x).add(b)
const a = z.sigmoid()
const loss = a.sub(y).square()
loss.backward()

console.log('loss', loss)
console.log('gradients', w.grad, b.grad)
`

const network = `import { tensor } from 'chainrule'
import { bceLoss } from 'chainrule/nn'

// Two inputs, two hidden neurons, one output: nine parameters.
const x = tensor([0.5, -1])
const W1 = tensor([[0.4, -0.3], [0.2, 0.7]], { requiresGrad: true })
const b1 = tensor([0.1, -0.2], { requiresGrad: true })
const W2 = tensor([[0.6, -0.5]], { requiresGrad: true })
const b2 = tensor([0.3], { requiresGrad: true })

const h = W1.matmul(x).add(b1).tanh()
const p = W2.matmul(h).add(b2).sigmoid()
const loss = bceLoss(p, tensor([1]))
loss.backward()

console.log('p', p, 'loss', loss)
`

const moons = `import { manualSeed, tensor } from 'chainrule'
import * as nn from 'chainrule/nn'
import * as optim from 'chainrule/optim'

// Two half moons that interlock, and a network that tells them apart.
manualSeed(0)
const points: number[][] = []
const labels: number[][] = []
for (let i = 0; i < 32; i++) {
  const t = (Math.PI * i) / 31
  points.push([Math.cos(t), Math.sin(t)], [1 - Math.cos(t), 0.5 - Math.sin(t)])
  labels.push([0], [1])
}
const x = tensor(points)
const y = tensor(labels)

const model = new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Linear(8, 1))
const adam = new optim.Adam(model.parameters(), { lr: 0.1 })
for (let step = 0; step < 10; step++) {
  const loss = nn.bceWithLogits(model.forward(x), y)
  adam.zeroGrad()
  loss.backward()
  adam.step()
  console.log(step, loss.item())
}
`

const square = `import { tensor } from 'chainrule'

// x is used twice, so two edges lead to it, and each brings its share of the gradient 2x.
const x = tensor(3, { requiresGrad: true })
const y = x.mul(x)
y.backward()
console.log(x.grad)
`

const doubling = `import { tensor, type Tensor } from 'chainrule'

// Each line doubles the number of paths from the end to x: after 100 there are 2^100.
const x = tensor(1, { requiresGrad: true, dtype: 'float64' })
let a: Tensor = x
for (let i = 0; i < 100; i++) {
  a = a.add(a)
}
a.backward()
console.log(x.grad)
`

const endless = `import { tensor, type Tensor } from 'chainrule'

// This never ends: it is stopped after 5 seconds, or a million operations.
let a: Tensor = tensor(0.5, { requiresGrad: true })
while (true) {
  a = a.sin()
}
`

const nan = `import { tensor } from 'chainrule'

// The loss is fine at the first point and not a number at the second. Which operation is to blame?
const p = tensor([0.25, 0], { requiresGrad: true })
const entropy = p.mul(p.log()).neg()
const loss = entropy.sum()
loss.backward()
console.log(loss, p.grad)
`

export const examples: readonly Example[] = [
  { id: 'neuron', title: 'A neuron', source: neuron },
  { id: 'network', title: 'A 2-2-1 network', source: network },
  { id: 'moons', title: 'A network that learns two moons', source: moons },
  { id: 'square', title: 'x * x', source: square },
  { id: 'doubling', title: 'a = a + a, a hundred times', source: doubling },
  { id: 'endless', title: 'A loop without end', source: endless, isEndless: true },
  { id: 'nan', title: 'Where does the NaN come from?', source: nan },
]
