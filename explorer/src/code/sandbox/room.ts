/**
 * Room for arrays of numbers. A loop that keeps making them fills the memory of the machine long before its time is up, so
 * what a program makes by itself is counted. What is made and dropped counts as well: a worker that is busy is not told
 * what has been collected.
 */

const NAMES = ['Float32Array', 'Float64Array', 'Int32Array', 'Uint8Array', 'Uint32Array', 'ArrayBuffer'] as const

/** Bytes for one run. */
const ROOM = 4e9

/** Constructors for the program that count; the engine has the true ones. */
export function counted(): Record<string, unknown> {
  let left = ROOM
  const construct = (target: (typeof globalThis)[(typeof NAMES)[number]], args: unknown[], newTarget: unknown) => {
    const [size] = args
    // A large one is refused before it is made.
    if (typeof size === 'number' && size > left) throw full()
    const made = Reflect.construct(target, args, newTarget as typeof Array) as { readonly byteLength: number }
    if (!(args[0] instanceof ArrayBuffer)) left -= made.byteLength
    if (left < 0) throw full()
    return made
  }
  return Object.fromEntries(NAMES.map((name) => [name, new Proxy(globalThis[name], { construct })]))
}

const full = () => new RangeError(`the program has made arrays of more than ${ROOM / 1e9} GB together`)

/** Those of them that a code uses. */
export const countedIn = (code: string): string[] => NAMES.filter((name) => new RegExp(`\\b${name}\\b`).test(code))
