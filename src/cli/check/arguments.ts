/** The arguments that a function is checked with, made to be checked: of float64, and each with a name. */
import { flatten } from '../../autodiff/tree.ts'
import { ChainruleError } from '../../errors/index.ts'
import { didYouMean, nearest } from '../../explain/formula/nearest.ts'
import { convert } from '../../nn/convert.ts'
import { isFloating } from '../../ops/dtype.ts'
import { clone } from '../../ops/elementwise/index.ts'
import { Tensor } from '../../tensor/index.ts'
import { argumentName } from './signature.ts'
import { type Exports, INPUTS, type Subject } from './subjects.ts'

/** A tensor that is differentiated by. */
export interface Input {
  readonly name: string
  readonly tensor: Tensor
  readonly isParameter: boolean
}

export interface Arguments {
  readonly values: readonly unknown[]
  /** How the reader is told where they come from: `given`, `random`. */
  readonly origin: string
}

/** Thrown where a script gives inputs that cannot be used; the message is for the user. */
export class InputsError extends ChainruleError {
  override readonly name: string = 'InputsError'
}

/** The tensors among the arguments, and the parameters of a module. */
export function inputsOf(subject: Subject, { values }: Arguments): Input[] {
  const parameters = subject.module?.namedParameters() ?? []
  const own = values.flatMap((value, i) => {
    const { leaves, paths } = flatten(value)
    const name = (k: number) => leaves[k].name ?? argumentName(subject.signature, i, paths[k])
    return leaves.map((tensor, k): Input => ({ name: name(k), tensor, isParameter: false }))
  })
  return [...parameters.map(([name, tensor]): Input => ({ name, tensor, isParameter: true })), ...own].filter(
    ({ tensor }) => isFloating(tensor.dtype),
  )
}

/**
 * What the script gives for an export: `inputs` itself, or its property of that name. Undefined if there is none.
 * @throws InputsError where this is nothing that could be passed, or is meant for an export that does not exist.
 */
export function givenArguments(exports: Exports, { name }: Subject): Arguments | undefined {
  const { [INPUTS]: inputs } = exports
  if (inputs === undefined) return undefined
  const values = isRecord(inputs) ? inputs[name] : inputs
  if (values === undefined) return undefined
  if (!(values instanceof Tensor || Array.isArray(values)))
    throw new InputsError(`${INPUTS} holds the arguments of ${name} as an array of tensors, got ${typeof values}`)
  const list = values instanceof Tensor ? [values] : values
  if (flatten(list).leaves.length === 0)
    throw new InputsError(`there is no tensor in ${INPUTS} for ${name}; write tensor([1, 2]) instead of [1, 2]`)
  return inDType({ values: list, origin: 'given' }, 'float64')
}

/** @throws InputsError where `inputs` has a name that no export has. */
export function checkGivenNames(exports: Exports): void {
  const { [INPUTS]: inputs } = exports
  if (!isRecord(inputs)) return
  const known = Object.keys(exports).filter((name) => name !== INPUTS)
  const unknown = Object.keys(inputs).find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new InputsError(
      `${INPUTS} has arguments for '${unknown}', which is not exported${didYouMean(nearest(unknown, known))}`,
    )
}

const isRecord = (x: unknown): x is Readonly<Record<string, unknown>> =>
  typeof x === 'object' && x !== null && !Array.isArray(x) && !(x instanceof Tensor)

/**
 * The same arguments of one floating point dtype: float64, for float32 has too few digits for sharp differences, or
 * float32 for what gives that anyhow. Tensors stay the same, since a function may close over them, but no two of them
 * share elements.
 */
export function inDType({ values, origin }: Arguments, dtype: 'float32' | 'float64'): Arguments {
  const { leaves, rebuild } = flatten(values)
  const taken = new Set<unknown>()
  const made = leaves.map((x) => {
    if (!isFloating(x.dtype)) return x
    const own = x.isLeaf && !taken.has(x.storage) ? x : clone(x.detach())
    convert(own, dtype)
    taken.add(own.storage)
    return own
  })
  return { values: rebuild(made) as unknown[], origin }
}
