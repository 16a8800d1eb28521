/**
 * Article 001, listing `neural_layer_chain_rule.py`: the chain rule through one ReLU neuron. The article multiplies the
 * derivatives by hand; here `backward()` does, and `retainGrad()` keeps those of the intermediate values.
 */
import { tensor } from 'chainrule'
import { float } from './format.ts'

const x = tensor(2, { dtype: 'float64' })
const w = tensor(1.5, { dtype: 'float64', requiresGrad: true })
const b = tensor(-1, { dtype: 'float64', requiresGrad: true })
const target = tensor(3, { dtype: 'float64' })

const z = w.mul(x).add(b).retainGrad()
console.log(`z = w*x + b = ${float(w)}*${float(x)} + ${float(b)} = ${float(z)}`)
const a = z.relu().retainGrad()
console.log(`a = ReLU(${float(z)}) = max(0, ${float(z)}) = ${float(a)}`)
const loss = a.sub(target).square()
console.log(`loss = (a - target)^2 = (${float(a)} - ${float(target)})^2 = ${float(loss)}`)

loss.backward()
const [dLda, dLdz] = [float(a.grad!), float(z.grad!)]
const gate = z.item() > 0 ? '1.0' : '0.0'
console.log('\n--- Backward Pass ---')
console.log(`dloss/da = 2*(a-target) = 2*(${float(a)}-${float(target)}) = ${dLda}`)
console.log(`da/dz = ${gate} (z=${float(z)} > 0, so ReLU passes gradient)`)
console.log(`dloss/dz = ${dLda} * ${gate} = ${dLdz}`)
console.log(`\ndloss/dw = dloss/dz * x = ${dLdz} * ${float(x)} = ${float(w.grad!)}`)
console.log(`dloss/db = dloss/dz * 1 = ${float(b.grad!)}`)
