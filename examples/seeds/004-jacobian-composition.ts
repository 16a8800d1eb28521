/**
 * Article 004, second listing: the Jacobian of a composition R² → R³ → R² is the product of the two Jacobians. The
 * article writes them down entry by entry; `jacobian` finds them from the functions.
 */
import { jacobian, stack, type Tensor, tensor } from 'chainrule'
import { array, float } from './format.ts'

function g(x: Tensor): Tensor {
  const [x1, x2] = x.unbind()
  return stack([x1.square(), x1.mul(x2), x2.square()])
}

function f(u: Tensor): Tensor {
  const [u1, u2, u3] = u.unbind()
  return stack([u1.sin().add(u2), u2.mul(u3)])
}

const h = (x: Tensor): Tensor => f(g(x))

const byChainRule = (x: Tensor): Tensor => jacobian(f)(g(x)).matmul(jacobian(g)(x)) // [2, 3] @ [3, 2]

/** Central differences: column j is how the outputs move with x[j]. */
function numericalJacobian(f: (x: Tensor) => Tensor, x: Tensor, epsilon = 1e-7): Tensor {
  const columns = Array.from(x.data, (_, j) => {
    const [plus, minus] = [x.clone(), x.clone()]
    plus.set(j, plus.at(j).add(epsilon))
    minus.set(j, minus.at(j).sub(epsilon))
    return f(plus)
      .sub(f(minus))
      .div(2 * epsilon)
  })
  return stack(columns, 1)
}

const x = tensor([1, 2], { dtype: 'float64' })
const analytical = byChainRule(x)
const numerical = numericalJacobian(h, x)
console.log('x =', array(x))
console.log('g(x) =', array(g(x)))
console.log('h(x) = f(g(x)) =', array(h(x)))
console.log('\nAnalytical Jacobian (chain rule):')
console.log(array(analytical))
console.log('\nNumerical Jacobian:')
console.log(array(numerical))
console.log('\nMax difference:', float(analytical.sub(numerical).abs().max()))
