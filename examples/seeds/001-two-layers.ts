/**
 * Article 001, listing `two_layer_backprop.py`: how the gradient grows on its way back through two layers. The article
 * says that dL/dw1 has five factors and writes four (the fifth is dy/dz2 = 1), and its table leaves out
 * dL/db2 = -4. The end of its listing is lost; the lines after "Backward Pass" are in its manner.
 */
import { grad, type Tensor, tensor } from 'chainrule'
import { float } from './format.ts'

const scalar = (value: number, requiresGrad = true): Tensor => tensor(value, { dtype: 'float64', requiresGrad })
const x = scalar(3, false)
const [w1, b1] = [scalar(0.5), scalar(0)]
const [w2, b2] = [scalar(2), scalar(-1)]
const target = scalar(4, false)

const z1 = w1.mul(x).add(b1).retainGrad()
const h = z1.relu().retainGrad()
const z2 = w2.mul(h).add(b2).retainGrad()
const y = z2
const loss = y.sub(target).square()
console.log('=== Forward Pass ===')
console.log(`z1 = ${float(w1)}*${float(x)} + ${float(b1)} = ${float(z1)}`)
console.log(`h = ReLU(${float(z1)}) = ${float(h)}`)
console.log(`z2 = ${float(w2)}*${float(h)} + ${float(b2)} = ${float(z2)}`)
console.log(`y = ${float(y)}`)
console.log(`loss = (${float(y)} - ${float(target)})^2 = ${float(loss)}`)

loss.backward()
const [dy, dh, dz1] = [y, h, z1].map((value) => float(value.grad!))
const gate = grad((z: Tensor) => z.relu())(z1.detach())
console.log('=== Backward Pass ===')
console.log(`dloss/dy = 2*(y-target) = ${dy}`)
console.log(`dloss/dw2 = dloss/dy * h = ${dy} * ${float(h)} = ${float(w2.grad!)}`)
console.log(`dloss/db2 = dloss/dy * 1 = ${float(b2.grad!)}`)
console.log(`dloss/dh = dloss/dy * w2 = ${dy} * ${float(w2)} = ${dh}`)
console.log(`dloss/dz1 = dloss/dh * relu'(z1) = ${dh} * ${float(gate)} = ${dz1}`)
console.log(`dloss/dw1 = dloss/dz1 * x = ${dz1} * ${float(x)} = ${float(w1.grad!)}`)
console.log(`dloss/db1 = dloss/dz1 * 1 = ${float(b1.grad!)}`)
