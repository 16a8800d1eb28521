/**
 * Watching a program at work: what is applied, what is recorded, what is about to be changed in place, which node
 * backward visits. While nobody watches, each of these places costs one comparison with zero.
 */
import type { Op } from '../ops/kinds/op.ts'
import type { Attrs } from '../ops/value.ts'
import type { TapeNode } from './tape.ts'
import type { Tensor } from './tensor.ts'

export interface Observer {
  /** A node came onto the tape. */
  recorded?(node: TapeNode): void
  /** An op was applied to plain tensors, outside of all transforms or below them; recorded or not. */
  applied?(op: Op, inputs: readonly (Tensor | number)[], attrs: Attrs, outputs: readonly Tensor[]): void
  /** `alias` was made of x, without its history. */
  detached?(x: Tensor, alias: Tensor): void
  /** The elements of x are about to be written over by those of `value`. */
  changing?(x: Tensor, value: Tensor): void
  /** A walk back over the tape begins: a cotangent for each output. */
  walking?(outputs: readonly Tensor[], seeds: readonly Tensor[]): void
  /** Backward has visited a node: the cotangents of its outputs, and what it contributes to those of its inputs. */
  visited?(node: TapeNode, cotangents: readonly (Tensor | null)[], contributions: readonly (Tensor | null)[]): void
  /** The walk has ended; one that failed threw, and nothing came of it. */
  walked?(failed: boolean): void
}

export const observers: Observer[] = []

/** Tells `observer` what happens from now on, until the function that is returned is called. */
export function observe(observer: Observer): () => void {
  observers.push(observer)
  return () => {
    const place = observers.indexOf(observer)
    if (place >= 0) observers.splice(place, 1)
  }
}

/** Calls `watcher` for every node recorded while `fn` runs. */
export function watchTape<T>(watcher: (node: TapeNode) => void, fn: () => T): T {
  const stop = observe({ recorded: watcher })
  try {
    return fn()
  } finally {
    stop()
  }
}
