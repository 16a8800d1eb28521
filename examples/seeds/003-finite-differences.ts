/**
 * Article 003, listing of "Verifying with Finite Differences": the derivative of σ(wx + b) by w against a central
 * difference. The article says that this prints 0.120002 twice; it prints 0.120130 twice.
 */
import { grad, type Tensor, tensor } from 'chainrule'
import { fixed } from './format.ts'

const x = 0.5
const b = 0.1
const y = (w: Tensor): Tensor => w.mul(x).add(b).sigmoid()

const w = tensor(0.6, { dtype: 'float64' })
const analytical = grad(y)(w).item()

const eps = 1e-5
const numerical = y(w.add(eps))
  .sub(y(w.sub(eps)))
  .div(2 * eps)
  .item()

const close = Math.abs(analytical - numerical) <= 1e-8 + 1e-5 * Math.abs(numerical) // numpy's isclose
console.log(`Analytical: ${fixed(analytical, 6)}`)
console.log(`Numerical: ${fixed(numerical, 6)}`)
console.log(`Match: ${close ? 'True' : 'False'}`)
