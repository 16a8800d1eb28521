/**
 * Article 003, "Chaining Through Multiple Layers" and "Gradient Trace": the 2-2-1 network that it follows throughout,
 * the four factors of ∂L/∂W1₁₁, and the eight lines that work it out. The article has 2.153 for ∂L/∂ŷ, a quotient of
 * two rounded numbers; it is 2.157. What it writes as W2·a1 is W2ᵀ a1.
 */
import { type NestedArray, type Tensor, tensor } from 'chainrule'
import { explain, gradientTable } from 'chainrule/explain'
import * as nn from 'chainrule/nn'
import { array, fixed } from './format.ts'

const given = (data: NestedArray, name: string): Tensor => tensor(data, { dtype: 'float64', name })
const parameter = (data: NestedArray, name: string): Tensor =>
  tensor(data, { dtype: 'float64', requiresGrad: true, name })

const x = given([0.5, 0.1], 'x')
const y = given([0], 'y')
const W1 = parameter(
  [
    [0.5, -0.2],
    [0.3, 0.8],
  ],
  'W1',
)
const b1 = parameter([0.1, -0.1], 'b1')
const W2 = parameter([[0.6], [-0.4]], 'W2')
const b2 = parameter([0], 'b2')

const z1 = W1.matmul(x).add(b1)
const a1 = z1.relu()
const z2 = W2.T.matmul(a1).add(b2)
const yhat = z2.sigmoid()
const L = nn.bceLoss(yhat, y)
for (const [name, value] of Object.entries({ z1, a1, z2, ŷ: yhat, L })) value.name = name
console.log(
  `z1 = ${array(z1, 3)}, a1 = ${array(a1, 3)}, z2 = ${fixed(z2, 3)}, ŷ = ${fixed(yhat, 3)}, L = ${fixed(L, 3)}`,
)

// with the sigmoid inside of the loss, the division cancels, and four factors are left
const fromLogits = nn.bceWithLogits(z2, y)
fromLogits.name = 'L'
console.log(`\n${explain(fromLogits, W1, [0, 0]).toText()}`)
console.log(`\n${gradientTable(L, W1, [0, 0]).toText()}`)
