/** Jacobians and Hessians: one pullback or pushforward, mapped over a basis of the space it starts from. */
import { GradError } from '../errors/index.ts'
import { sizeOf } from '../ops/shape.ts'
import { reshape } from '../ops/view/reshape.ts'
import { eye, requireFunction, type Tensor, zeros, zerosLike } from '../tensor/index.ts'
import { jvp, pushForward, requireLists } from './forward.ts'
import { type Argnums, type Chosen, choose, differentiated, grad, linearize } from './reverse.ts'
import { type Flat, flatten, type Tree } from './tree.ts'
import { moveAxis, vmap } from './vmap.ts'

type AnyFn = (...args: never[]) => unknown

/** Nested like the output, each tensor in it nested like the input. */
export type Jacobian<O, X> = O extends Tensor ? (X extends Tensor ? Tensor : ByInput<O, X>) : ByOutput<O, X>
type ByInput<O, X> = { [K in keyof X]: Jacobian<O, X[K]> }
type ByOutput<O, X> = { [K in keyof O]: Jacobian<O[K], X> }

type JacobianOf<A extends unknown[], O, N extends Argnums> = (...args: A) => NoInfer<Jacobian<O, Chosen<A, N>>>

/** One unit vector per element of x, stacked: [n, ...shape]. */
const basisOf = (x: Tensor): Tensor => reshape(eye(x.size, { dtype: x.dtype }), [x.size, ...x.shape])

/**
 * The Jacobian of f by reverse mode: best where f has fewer outputs than inputs.
 * @returns a function whose result is nested like the output of f, each tensor in it nested like the argument, with
 *   shapes [...output, ...input].
 * @example jacrev((x) => x.square())(tensor([1, 2])) // [[2, 0], [0, 4]]
 */
export function jacrev<A extends unknown[] = Tensor[], O = Tensor, const N extends Argnums = 0>(
  f: (...args: A) => O,
  argnums?: N,
): JacobianOf<A, O, N> {
  requireFunction('jacrev', f)
  return (...args) => {
    const { chosen, by, pick } = choose('jacrev', f as AnyFn, args, argnums ?? 0)
    const inputs = flatten(chosen)
    const line = linearize('jacrev', by, chosen)
    const blocks = line.outputs.leaves.map((y, k) => {
      requireSome('jacrev', y)
      const seeds = (g: Tensor) => line.outputs.leaves.map((_, i) => (i === k ? g : null))
      const rows = vmap((g: Tensor) =>
        line.pull(seeds(g)).map((r, i) => r ?? zeros(inputs.leaves[i].shape, { dtype: y.dtype })),
      )(basisOf(y))
      return pick(inputs.rebuild(rows.map((r, i) => reshape(r, [...y.shape, ...inputs.leaves[i].shape]))) as unknown[])
    })
    return line.outputs.rebuild(blocks) as Jacobian<O, Chosen<A, N>>
  }
}

function requireSome(name: string, y: Tensor): void {
  if (y.size === 0) throw new GradError(`${name}: an output has no elements, so that there is no Jacobian`)
}

/**
 * The Jacobian of f by forward mode: best where f has fewer inputs than outputs. Results are nested as those of `jacrev`.
 * @example jacfwd((x) => x.square())(tensor([1, 2])) // [[2, 0], [0, 4]]
 */
export function jacfwd<A extends unknown[] = Tensor[], O = Tensor, const N extends Argnums = 0>(
  f: (...args: A) => O,
  argnums?: N,
): JacobianOf<A, O, N> {
  requireFunction('jacfwd', f)
  return (...args) => {
    const { chosen, by, pick } = choose('jacfwd', f as AnyFn, args, argnums ?? 0)
    const inputs = flatten(chosen)
    let outputs: Flat | undefined
    const columns = inputs.leaves.map((x, k) => {
      requireSome('jacfwd', x)
      const push = (t: Tensor): Tensor[] => {
        const made = pushForward(
          'jacfwd',
          by,
          inputs,
          inputs.leaves.map((_, i) => (i === k ? t : null)),
        )
        outputs = made.outputs
        return made.moved.map((m, i) => m ?? zerosLike(made.outputs.leaves[i]))
      }
      return vmap(push)(basisOf(x)).map((c) => {
        const last = moveAxis(c, 0, c.shape.length - 1)
        return reshape(last, [...c.shape.slice(1), ...x.shape])
      })
    })
    const blocks = outputs!.leaves.map((_, i) => pick(inputs.rebuild(columns.map((c) => c[i])) as unknown[]))
    return outputs!.rebuild(blocks) as Jacobian<O, Chosen<A, N>>
  }
}

/** The Jacobian by whichever mode needs fewer passes. @example jacobian((x) => x.mul(2))(tensor([1, 2])) // [[2, 0], [0, 2]] */
export function jacobian<A extends unknown[] = Tensor[], O = Tensor, const N extends Argnums = 0>(
  f: (...args: A) => O,
  argnums?: N,
): JacobianOf<A, O, N> {
  requireFunction('jacobian', f)
  return (...args) => {
    const { chosen } = choose('jacobian', f as AnyFn, args, argnums ?? 0)
    const count = (tree: Tree) => flatten(tree).leaves.reduce((n, x) => n + sizeOf(x.shape), 0)
    const outputs = count(linearize('jacobian', (...all: unknown[]) => f(...(all as A)), args).out)
    return (outputs <= count(chosen) ? jacrev : jacfwd)(f, argnums)(...args)
  }
}

/**
 * The Hessian of a scalar function: forward mode over reverse mode.
 * @returns nested like the argument, twice, with shapes [...input, ...input].
 * @example hessian((x) => x.pow(3).sum())(tensor([1, 2])) // [[6, 0], [0, 12]]
 */
export function hessian<A extends unknown[] = Tensor[], const N extends Argnums = 0>(
  f: (...args: A) => Tensor,
  argnums?: N,
): JacobianOf<A, Chosen<A, N>, N> {
  const gradient = differentiated('hessian', f, argnums ?? 0)
  return jacfwd((...args: A) => gradient(...args)[1] as Chosen<A, N>, argnums)
}

/**
 * The Hessian of a scalar function times a vector, without the Hessian: forward mode over reverse mode.
 * @param primals the arguments of f; @param v nested like them.
 * @returns nested like the primals.
 * @example hvp((x) => x.pow(3).sum(), [tensor([1, 2])], [tensor([1, 1])]) // [[6, 12]]
 */
export function hvp<A extends Tree[]>(f: (...args: A) => Tensor, primals: A, v: A): A {
  requireFunction('hvp', f)
  requireLists('hvp', primals, v)
  const all = primals.map((_, i) => i)
  const gradient = grad(f, all) as (...args: A) => A
  return jvp(gradient, primals, v)[1]
}
