/**
 * A formula as data. Every elementwise op, every derivative of one and every factor that an explanation shows is
 * a `Scalar`: a constant, a named argument, or a call of one of the closed set of intrinsics. Read `intrinsics.ts`
 * next: it says what each intrinsic computes, how it is differentiated and how it is printed.
 */

/** The closed set. Ops are open, this is not: a backend that lacks one of these does not compile. */
export type Intrinsic =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'neg'
  | 'abs'
  | 'sign'
  | 'floor'
  | 'round'
  | 'min'
  | 'max'
  | 'fmod'
  | 'sqrt'
  | 'pow'
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'sin'
  | 'cos'
  | 'asin'
  | 'acos'
  | 'atan2'
  | 'sinh'
  | 'cosh'
  | 'tanh'
  | 'erf'
  | 'erfc'
  | 'eq'
  | 'lt'
  | 'le'
  | 'select'

export type Scalar =
  | { readonly is: 'const'; readonly value: number }
  | { readonly is: 'arg'; readonly name: string }
  | { readonly is: 'call'; readonly fn: Intrinsic; readonly of: readonly Scalar[] }

export const c = (value: number): Scalar => ({ is: 'const', value })
export const arg = (name: string): Scalar => ({ is: 'arg', name })
export const call = (fn: Intrinsic, ...of: Scalar[]): Scalar => ({ is: 'call', fn, of })

export const add = (a: Scalar, b: Scalar) => call('add', a, b)
export const sub = (a: Scalar, b: Scalar) => call('sub', a, b)
export const mul = (a: Scalar, b: Scalar) => call('mul', a, b)
export const div = (a: Scalar, b: Scalar) => call('div', a, b)
export const neg = (a: Scalar) => call('neg', a)
export const abs = (a: Scalar) => call('abs', a)
export const sign = (a: Scalar) => call('sign', a)
export const floor = (a: Scalar) => call('floor', a)
export const round = (a: Scalar) => call('round', a)
export const min = (a: Scalar, b: Scalar) => call('min', a, b)
export const max = (a: Scalar, b: Scalar) => call('max', a, b)
export const fmod = (a: Scalar, b: Scalar) => call('fmod', a, b)
export const sqrt = (a: Scalar) => call('sqrt', a)
export const pow = (a: Scalar, b: Scalar) => call('pow', a, b)
export const exp = (a: Scalar) => call('exp', a)
export const expm1 = (a: Scalar) => call('expm1', a)
export const log = (a: Scalar) => call('log', a)
export const log1p = (a: Scalar) => call('log1p', a)
export const sin = (a: Scalar) => call('sin', a)
export const cos = (a: Scalar) => call('cos', a)
export const asin = (a: Scalar) => call('asin', a)
export const acos = (a: Scalar) => call('acos', a)
export const atan2 = (y: Scalar, x: Scalar) => call('atan2', y, x)
export const sinh = (a: Scalar) => call('sinh', a)
export const cosh = (a: Scalar) => call('cosh', a)
export const tanh = (a: Scalar) => call('tanh', a)
export const erf = (a: Scalar) => call('erf', a)
export const erfc = (a: Scalar) => call('erfc', a)
export const eq = (a: Scalar, b: Scalar) => call('eq', a, b)
export const lt = (a: Scalar, b: Scalar) => call('lt', a, b)
export const le = (a: Scalar, b: Scalar) => call('le', a, b)
/** `when` is true unless it is 0: `select(lt(x, c(0)), a, b)` is a where x < 0, else b. The untaken branch never leaks. */
export const select = (when: Scalar, then: Scalar, otherwise: Scalar) => call('select', when, then, otherwise)

/** The names of the arguments that the formula really reads, in order of first appearance. */
export function freeArgs(s: Scalar): string[] {
  const found = new Set<string>()
  // Derivatives share parts heavily: each object is visited once.
  const visited = new Set<Scalar>()
  const pending: Scalar[] = [s]
  while (pending.length > 0) {
    const at = pending.pop()!
    if (visited.has(at)) continue
    visited.add(at)
    if (at.is === 'arg') found.add(at.name)
    else if (at.is === 'call') for (let i = at.of.length - 1; i >= 0; i--) pending.push(at.of[i])
  }
  return [...found]
}
