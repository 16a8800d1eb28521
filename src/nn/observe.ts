/**
 * Watching modules at work. `forward` is an ordinary method that programs call directly, so that nothing stands between
 * caller and module; while somebody watches, the method of every class that has made a module is replaced by one that
 * tells, and put back afterwards.
 */

export interface ModuleObserver<M = unknown> {
  entered?(module: M, inputs: readonly unknown[]): void
  /** The call has returned; `output` is undefined where it has thrown. */
  left?(module: M, output: unknown): void
}

interface Prototype {
  forward?: (...inputs: unknown[]) => unknown
}

const observers: ModuleObserver[] = []
const prototypes = new Set<Prototype>()
const originals = new Map<Prototype, Prototype['forward']>()

/** Called by modules as they are made. */
export function noticeClass(made: { readonly prototype: object }, base: object): void {
  for (let p: object = made.prototype; p !== base && p !== null; p = Object.getPrototypeOf(p)) {
    if (prototypes.has(p)) return
    prototypes.add(p)
    if (observers.length > 0) replace(p)
  }
}

/** Tells `observer` of every call of a module's forward, until the function that is returned is called. */
export function observeModules<M>(observer: ModuleObserver<M>): () => void {
  observers.push(observer as ModuleObserver)
  if (observers.length === 1) for (const p of prototypes) replace(p)
  return () => {
    const place = observers.indexOf(observer as ModuleObserver)
    if (place < 0) return
    observers.splice(place, 1)
    if (observers.length > 0) return
    for (const [p, forward] of originals) p.forward = forward
    originals.clear()
  }
}

function replace(p: Prototype): void {
  if (!Object.hasOwn(p, 'forward')) return
  const original = p.forward!
  originals.set(p, original)
  p.forward = function forward(this: unknown, ...inputs: unknown[]): unknown {
    for (const observer of observers) observer.entered?.(this, inputs)
    let output: unknown
    try {
      output = original.apply(this, inputs)
      return output
    } finally {
      for (const observer of observers) observer.left?.(this, output)
    }
  }
}
