/** What a reader must know of a check besides its verdict. */
import { inWords } from '../../explain/formula/nearest.ts'
import type { CheckSettings } from './check.ts'
import type { CheckedExport, CheckedInput } from './result.ts'
import { INPUTS } from './subjects.ts'

export interface Circumstances {
  /** The number of elements of all inputs. */
  readonly size: number
  /** Whether the results were made one number. */
  readonly isCombined: boolean
  /** Whether the module was put into evaluation mode. */
  readonly isCalmed: boolean
  readonly settings: CheckSettings
  /** Whether all results are float64. */
  readonly isSharp: boolean
}

export function notesOn(checked: CheckedExport, about: Circumstances): string[] {
  const { inputs, verdict, mode, order } = checked
  const { size, isCalmed, isCombined, settings, isSharp } = about
  const notes: string[] = []
  if (verdict === 'right') notes.push(...inputs.flatMap((input) => remarkOn(input, isSharp)))
  if (verdict === 'wrong') notes.push(...inputs.flatMap((input) => hintOn(input, checked)), ...tooMany(inputs))
  if (isCombined) notes.push('its results are so many that their sum by random weights stands for them')
  if (isCalmed) notes.push('checked in eval mode: in training it is random')
  if (mode === 'fast' && verdict === 'right')
    notes.push(
      `of its ${size} elements, one random direction per input was compared; --mode full compares each${settings.mode ? '' : ', and takes long'}`,
    )
  if (settings.order === null && order === 1 && verdict === 'right')
    notes.push('second derivatives were left out, as there are so many elements; --order 2 asks for them')
  if (!isSharp)
    notes.push('its result is float32, in which small errors drown: what can be in float64 is checked sharply')
  return notes
}

function remarkOn({ name, shape, kinks, worst }: CheckedInput, isSharp: boolean): string[] {
  if (kinks > 0) {
    const size = shape?.reduce((n, m) => n * m, 1)
    const where = size === 1 ? '' : ` at ${kinks} of ${size} elements`
    if (!isSharp) return [`not differentiable here by ${name}${where}, or float32 is too coarse to tell`]
    return [`not differentiable here by ${name}${where}: at a kink, every slope between those of both sides is right`]
  }
  // The worst element of those that are exact is the one with the largest derivative.
  return worst && worst.analytic === 0 && worst.numeric === 0 ? [`the result does not depend on ${name}`] : []
}

function tooMany(inputs: readonly CheckedInput[]): string[] {
  const names = inputs.flatMap(({ name, wrong }) => (wrong === null ? [name] : []))
  if (names.length === 0) return []
  const have = names.length === 1 ? 'has' : 'have'
  return [
    `${inWords(names)} ${have} too many elements to look at each; check with fewer, or take long with --mode full`,
  ]
}

function hintOn({ name, wrong, worst }: CheckedInput, { name: of, origin, order }: CheckedExport): string[] {
  if (!wrong || worst?.analytic !== 0) return []
  if (order === 2)
    return [`backward returns what does not depend on ${name}: is it detached there, or read with item()?`]
  const lost = `nothing comes back to ${name}: is it detached, read with item() or rounded on the way?`
  const guessed = `If it is meant to be no tensor, say what it is: export const ${INPUTS} = { ${of}: [...] }`
  return [origin === 'given' ? lost : `${lost} ${guessed}`]
}
