/**
 * The contract kind: a sum of products, written as an index string such as `ij,jk->ik`. The string is shape rule,
 * kernel, both pullbacks (the same string permuted), tangent and TeX at once. Each operand names each of its
 * dimensions once; sizes of equal letters must be equal (broadcasting is an expand before).
 */
import { ShapeError } from '../../errors/index.ts'
import { promote } from '../dtype.ts'
import { add as plus } from '../elementwise/add.ts'
import { shapeText } from '../shape.ts'
import type { Attrs, Operand, Shape, Spec, Value } from '../value.ts'
import { expand } from '../view/expand.ts'
import { reshape } from '../view/reshape.ts'
import { apply, type Call, callable, type Linear, type Op, type OpCommon } from './op.ts'

export interface ContractAttrs extends Attrs {
  readonly indices: string
}

export interface ContractDefinition extends OpCommon {
  readonly kind: 'contract'
}

export interface Indices {
  readonly a: string
  readonly b: string
  readonly out: string
}

const parsed = new Map<string, Indices>()

/** `'ij,jk->ik'` taken apart. */
export function parseIndices(indices: string): Indices {
  let known = parsed.get(indices)
  if (!known) {
    const [operands, out] = indices.split('->')
    const [a, b] = operands.split(',')
    known = { a, b, out }
    parsed.set(indices, known)
  }
  return known
}

export type ContractOp = ContractDefinition & (<V extends Value>(a: V, b: V, indices: string) => V)

export function contract({ name }: { readonly name: string }): ContractOp {
  const definition: ContractDefinition & { name: string } = {
    kind: 'contract',
    name,
    differentiable: true,
    reads: (i, wanted) => i >= 0 && wanted[1 - i],
    infer: (inputs, attrs) => inferContract(name, inputs, attrs as ContractAttrs),
    vjp: (call, [g], wanted) => [wanted[0] && g ? pull(call, g, 0) : null, wanted[1] && g ? pull(call, g, 1) : null],
    jvp: (call, tangents) => [push(call, tangents)],
    batch: ({ inputs, attrs }, batched) => ({
      op: op as Op,
      inputs,
      attrs: { indices: batchIndices(attrs as ContractAttrs, batched) },
    }),
  }
  const run = <V extends Value>(a: V, b: V, indices: string): V => apply(op as Op, [a, b], { indices })
  const op: ContractOp = callable(definition, run)
  return op
}

function inferContract(name: string, inputs: readonly Operand[], { indices }: ContractAttrs): Spec {
  const { a, b, out } = parseIndices(indices)
  const [x, y] = inputs as readonly Value[]
  const sizes = new Map<string, number>()
  bind(name, sizes, a, x.shape, indices)
  bind(name, sizes, b, y.shape, indices)
  const dtype = promote(inputs)
  // Flags add up to integers, as in sum.
  return { shape: Array.from(out, (letter) => sizes.get(letter)!), dtype: dtype === 'bool' ? 'int32' : dtype }
}

function bind(name: string, sizes: Map<string, number>, letters: string, shape: Shape, indices: string): void {
  if (letters.length !== shape.length) {
    throw new ShapeError(
      `${name}: '${letters}' of '${indices}' names ${letters.length} dimensions, got ${shapeText(shape)}`,
    )
  }
  for (let i = 0; i < letters.length; i++) {
    const known = sizes.get(letters[i])
    if (known !== undefined && known !== shape[i]) {
      throw new ShapeError(
        `${name}: index '${letters[i]}' of '${indices}' is ${known} in one operand and ${shape[i]} in the other`,
      )
    }
    sizes.set(letters[i], shape[i])
  }
}

/**
 * out[k] = Σ a[i] b[j], so the cotangent of a is ā[i] = Σ g[k] b[j]. A letter that only a has was summed over; its
 * cotangent is the same all along that dimension.
 */
function pull(call: Call, g: Value, side: 0 | 1): Value {
  const { a, b, out } = parseIndices((call.attrs as ContractAttrs).indices)
  const [own, other] = side === 0 ? [a, b] : [b, a]
  const reached = Array.from(own)
    .filter((l) => out.includes(l) || other.includes(l))
    .join('')
  const term = apply(contraction as Op, [g, call.inputs[1 - side]], { indices: `${out},${other}->${reached}` })
  if (reached.length === own.length) return term
  const shape = (call.inputs[side] as Value).shape
  return expand(
    reshape(
      term,
      shape.map((n, i) => (reached.includes(own[i]) ? n : 1)),
    ),
    shape,
  )
}

function push(call: Call, [ta, tb]: readonly Linear[]): Linear {
  const left = ta && apply(contraction as Op, [ta, call.inputs[1]], call.attrs)
  const right = tb && apply(contraction as Op, [call.inputs[0], tb], call.attrs)
  return left && right ? plus(left, right) : (left ?? right)
}

function batchIndices({ indices }: ContractAttrs, batched: readonly boolean[]): string {
  const { a, b, out } = parseIndices(indices)
  const letter = freeLetter(indices)
  return `${batched[0] ? letter : ''}${a},${batched[1] ? letter : ''}${b}->${letter}${out}`
}

/** A letter that the string does not use; Unicode has enough for any number of nested batches. */
export function freeLetter(indices: string): string {
  for (let code = 97; ; code++) {
    const letter = String.fromCharCode(code === 123 ? 256 : code < 123 ? code : code + 133)
    if (!indices.includes(letter)) return letter
  }
}

/** A contraction that has no name of its own, such as the pullback of a product. */
export const contraction = contract({ name: 'contraction' })
