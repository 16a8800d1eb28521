/**
 * What a program of the reader may not touch. It shares its worker with the engine that records it and with what answers
 * the page, so the language itself (`Array.prototype.map`, `JSON`) cannot be changed, and nothing leads out of the worker.
 * The server forbids connections as well; this holds where a page is served without its headers, and says so in words.
 */

const STANDARD =
  'Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date EvalError FinalizationRegistry ' +
  'Float32Array Float64Array Function Int16Array Int32Array Int8Array Iterator JSON Map Math Number Object Promise Proxy ' +
  'RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String Symbol SyntaxError TypeError URIError ' +
  'Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet isFinite isNaN parseFloat parseInt'

/** Ways to other places, other tabs and other threads, and what would end the worker or speak in its name. */
const OUTWARD =
  'BroadcastChannel EventSource SharedWorker WebSocket WebSocketStream WebTransport Worker XMLHttpRequest caches close ' +
  'fetch importScripts indexedDB postMessage'

/** Names of these are assigned to objects that inherit them, as in `this.name = 'MyError'`. */
const INHERITED: readonly object[] = [Object.prototype, Error.prototype, EvalError.prototype].concat(
  [RangeError, ReferenceError, SyntaxError, TypeError, URIError].map(({ prototype }) => prototype),
)

/** Ends what the program could do to others; called once, when everything is loaded. */
export function confine(): void {
  const place = globalThis as unknown as Record<string, unknown>
  for (const proto of INHERITED) keepOverridable(proto)
  // Messages of the engine of JavaScript depend on what `Error` itself holds, so only its prototype is fixed.
  for (const value of [...standardsOf(place), ...hidden(), ...INHERITED]) Object.freeze(value)
  for (const name of ['Error', ...STANDARD.split(' ')]) if (name in place) fix(place, name, place[name])
  for (const name of OUTWARD.split(' '))
    if (name in place)
      fix(place, name, function shut() {
        throw new Error(`${name} is not there: a program in this page can reach nothing outside of it`)
      })
}

function standardsOf(place: Readonly<Record<string, unknown>>): object[] {
  return STANDARD.split(' ').flatMap((name) => {
    const value = place[name] as { readonly prototype?: object } | undefined
    return value ? [value, ...(value.prototype ? [value.prototype] : [])] : []
  })
}

/** Objects of the language that have no name. */
function hidden(): object[] {
  const protoOf = Object.getPrototypeOf as (value: object) => object
  const iterators = [[].values(), new Map().values(), new Set().values(), ''[Symbol.iterator](), 'x'.matchAll(/x/g)]
  const functions = [function* () {}, async () => {}, async function* () {}].map(protoOf)
  return [
    protoOf(Int8Array),
    protoOf(Int8Array.prototype),
    ...iterators.map(protoOf),
    protoOf(protoOf([].values())),
    ...functions,
    ...functions.flatMap((each) => ('prototype' in each ? [each.prototype as object] : [])),
  ]
}

const fix = (object: object, name: string, value: unknown): void =>
  void Object.defineProperty(object, name, { value, writable: false, configurable: false })

/**
 * An assignment fails where an object inherits a property that cannot be written. As a pair of functions it gives the
 * object that is assigned to a property of its own, as it would have been.
 */
function keepOverridable(proto: object): void {
  for (const name of Object.getOwnPropertyNames(proto)) {
    const { value, configurable, enumerable } = Object.getOwnPropertyDescriptor(proto, name)!
    if (!configurable || value === undefined) continue
    Object.defineProperty(proto, name, {
      get: () => value,
      set(this: object, other: unknown) {
        if (this === proto) throw new TypeError(`Cannot assign to read only property '${name}'`)
        Object.defineProperty(this, name, { value: other, writable: true, configurable: true, enumerable: true })
      },
      enumerable,
      configurable: false,
    })
  }
}
