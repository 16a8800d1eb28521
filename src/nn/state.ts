/** Saving and loading a state dict. When loading, everything is compared first, then everything is written. */
import { ArgumentError, checkOptions } from '../errors/index.ts'
import { isFloating } from '../ops/dtype.ts'
import { sameShape, shapeText } from '../ops/shape.ts'
import { fromArray, Tensor, tensor, withoutRecording, write } from '../tensor/index.ts'
import { shown } from './settings.ts'

export type StateDict = Record<string, Tensor>

export interface LoadOptions {
  /** Whether keys that are missing or unexpected are errors; true unless given. */
  readonly strict?: boolean
}

export interface LoadResult {
  readonly missingKeys: string[]
  readonly unexpectedKeys: string[]
}

/** A copy without history. */
export function snapshot(x: Tensor): Tensor {
  const copy = fromArray(x.data, x.shape, x.dtype)
  copy.name = x.name
  return copy
}

export function loadInto(
  name: string,
  targets: ReadonlyMap<string, Tensor>,
  state: StateDict,
  options: LoadOptions,
): LoadResult {
  checkOptions('loadStateDict', options, ['strict'])
  if (typeof state !== 'object' || state === null)
    throw new ArgumentError('loadStateDict: takes an object of tensors by key')
  const missingKeys = [...targets.keys()].filter((key) => !Object.hasOwn(state, key))
  const unexpectedKeys = Object.keys(state).filter((key) => !targets.has(key))
  const shared = Object.entries(state).filter(([key]) => targets.has(key))
  const problems = shared.flatMap(([key, value]) => misfit(key, targets.get(key)!, value))
  if (options.strict ?? true) {
    if (missingKeys.length > 0) problems.push(`missing keys: ${missingKeys.join(', ')}`)
    if (unexpectedKeys.length > 0) problems.push(`unexpected keys: ${unexpectedKeys.join(', ')}`)
  }
  if (problems.length > 0)
    throw new ArgumentError(
      `loadStateDict: the state does not fit ${name}; nothing was loaded:\n  ${problems.join('\n  ')}`,
    )
  withoutRecording(() => {
    // A value may share its elements with another target, as when layers are swapped: read all before writing any.
    const values = shared.map(
      ([key, value]) => [targets.get(key)!, tensor(value, { dtype: targets.get(key)!.dtype })] as const,
    )
    for (const [target, value] of values) write('loadStateDict', target, value)
  })
  return { missingKeys, unexpectedKeys }
}

function misfit(key: string, target: Tensor, value: unknown): string[] {
  if (!(value instanceof Tensor)) return [`${key}: ${shown(value)} instead of a tensor`]
  if (value.box) return [`${key}: a tensor inside of grad, jvp or vmap`]
  if (!sameShape(value.shape, target.shape))
    return [`${key}: shape ${shapeText(value.shape)} instead of ${shapeText(target.shape)}`]
  if (isFloating(value.dtype) && !isFloating(target.dtype)) return [`${key}: ${value.dtype} values for ${target.dtype}`]
  return []
}
