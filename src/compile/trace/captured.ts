/** What tracing meets outside of the function, and how it is put back. */
import type { Storage, Tensor } from '../../tensor/index.ts'
import type { ValueId } from '../graph/graph.ts'

type Changing = Pick<Storage, 'buffer' | 'version' | 'changedAt' | 'changedBy' | 'seen' | 'history'>

/** What tracing replaces in a storage. */
export const changing = ({ buffer, version, changedAt, changedBy, seen, history }: Storage): Changing => {
  return { buffer, version, changedAt, changedBy, seen, history }
}

/** A storage from outside: what it is while nothing is traced, or while something is, it is there again afterwards. */
export interface Captured {
  readonly storage: Storage
  readonly before: ValueId
  other: Changing
}

/** What a captured tensor was before the trace. */
export type Known = Pick<Tensor, 'storage' | 'tracked' | 'gradFn' | 'outputIndex' | 'history' | 'former'>

export function knownOf({ storage, tracked, gradFn, outputIndex, history, former }: Tensor): Known {
  return { storage, tracked, gradFn, outputIndex, history, former: former && [...former] }
}
