/**
 * Article 000, listing "Activation Function Gradients": the slopes of sigmoid, ReLU and tanh at five points. The
 * article writes the three derivatives down; here they come from the functions.
 */
import { grad, type Tensor, tensor } from 'chainrule'
import { array } from './format.ts'

const z = tensor([-2, -0.5, 0, 0.5, 2])

// Each element depends on its own z only, so the gradient of the sum has all slopes at once.
const slopes = (f: (z: Tensor) => Tensor): Tensor => grad((z: Tensor) => f(z).sum())(z)

console.log(
  'Sigmoid gradients:',
  array(
    slopes((z) => z.sigmoid()),
    4,
  ),
) // at most 1/4, at 0: factors that vanish
console.log('ReLU gradients:', array(slopes((z) => z.relu()))) // 0 or 1, and 0 at the kink
console.log(
  'Tanh gradients:',
  array(
    slopes((z) => z.tanh()),
    4,
  ),
) // 1 at 0, but it saturates as well
