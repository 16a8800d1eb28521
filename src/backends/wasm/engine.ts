/**
 * What V8 can do but hides behind flags. `CHAINRULE_V8` names what to switch on, for the whole process, before the
 * first kernel is compiled:
 *
 *     CHAINRULE_V8=relaxed-simd    products and sums in one instruction: Node 20, which later ones do unasked
 *     CHAINRULE_V8=revectorize     vectors of twice the length where pairs fit together: Node 24 and later
 *     CHAINRULE_V8=relaxed-simd,revectorize
 *
 * V8 calls both experiments, so that nothing is switched on by itself. Where there is no such flag nothing happens.
 */
import { ArgumentError } from '../../errors/index.ts'

/** The flag of V8 and the versions of Node that have it and need it. */
const features = {
  'relaxed-simd': { flag: '--experimental-wasm-relaxed-simd', from: 20, to: 20 },
  revectorize: { flag: '--experimental-wasm-revectorize', from: 24, to: Infinity },
} as const
type Feature = keyof typeof features

const isFeature = (name: string): name is Feature => Object.hasOwn(features, name)

const on = new Set<Feature>()

/**
 * Switches on what CHAINRULE_V8 names.
 * @throws ArgumentError if it names something else.
 */
export function switchOn(wanted = globalThis.process?.env?.CHAINRULE_V8 ?? ''): void {
  const names = wanted.split(',').map((name) => name.trim())
  const unknown = names.find((name) => name !== '' && !isFeature(name))
  if (unknown !== undefined) {
    const known = Object.keys(features).join(' and ')
    throw new ArgumentError(`CHAINRULE_V8: there is no feature '${unknown}'; known are ${known}, separated by commas`)
  }
  const { process } = globalThis
  const node = Number.parseInt(process?.versions?.node ?? '', 10)
  for (const name of names.filter(isFeature)) {
    const { flag, from, to } = features[name]
    if (on.has(name) || !(node >= from && node <= to)) continue
    process.getBuiltinModule('node:v8').setFlagsFromString(flag)
    on.add(name)
  }
}

/** Whether V8 was told to join pairs of vectors. */
export const revectorizes = (): boolean => on.has('revectorize')
