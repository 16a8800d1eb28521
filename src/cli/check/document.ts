/** The result of a check, told: a line for each export, and for what is wrong which input, which element, by how much. */
import { inWords } from '../../explain/formula/nearest.ts'
import { type Block, type Cell, Document, traceNumber } from '../../explain/index.ts'
import { shapeText } from '../../ops/shape.ts'
import type { Checked } from './check.ts'
import type { CheckedExport, CheckedInput, Problem } from './result.ts'

export class CheckDocument extends Document {
  readonly title: string
  readonly script: string
  readonly checked: Checked

  constructor(script: string, checked: Checked) {
    super()
    this.title = `Gradients of ${script}`
    this.script = script
    this.checked = checked
  }

  blocks(): Block[] {
    const { exports, skipped } = this.checked
    const left: Block[] =
      skipped.length === 0
        ? []
        : [
            {
              is: 'paragraph',
              parts: [`Left out: ${skipped.map(({ name, why }) => `${name} (${why})`).join(', ')}.`],
            },
          ]
    const total: Block[] = exports.length > 1 ? [{ is: 'paragraph', parts: [totalOf(exports)] }] : []
    return [...exports.flatMap(blocksOf), ...left, ...total]
  }

  toJSON(): object {
    const { exports, skipped } = this.checked
    return {
      format: 'chainrule-check',
      version: 1,
      script: this.script,
      exports: exports.map((checked) => ({ ...checked, inputs: checked.inputs.map(inputToJson) })),
      skipped,
    }
  }
}

/** JSON has no NaN and no infinities: these are strings. */
function inputToJson({ worst, ...input }: CheckedInput): object {
  if (!worst) return { ...input, worst }
  const { analytic, numeric, absoluteError, relativeError, ...rest } = worst
  const numbers = Object.entries({ analytic, numeric, absoluteError, relativeError })
  return { ...input, worst: { ...rest, ...Object.fromEntries(numbers.map(([key, x]) => [key, traceNumber(x)])) } }
}

function totalOf(exports: readonly CheckedExport[]): string {
  const count = (verdict: CheckedExport['verdict']) => exports.filter((e) => e.verdict === verdict).length
  const parts = (['right', 'wrong', 'unchecked'] as const).flatMap((verdict) =>
    count(verdict) === 0 ? [] : [`${count(verdict)} ${verdict === 'unchecked' ? 'not checked' : verdict}`],
  )
  return `${inWords(parts)}.`
}

function blocksOf(checked: CheckedExport): Block[] {
  const { verdict, problem, notes } = checked
  const tone = ({ right: 'good', wrong: 'bad', unchecked: 'warning' } as const)[verdict]
  // What is NaN as a whole has no numbers to compare.
  const isTold = ({ wrong, worst }: CheckedInput) => wrong !== 0 && worst && !(problem && Number.isNaN(worst.numeric))
  const wrong = verdict === 'wrong' ? checked.inputs.filter(isTold) : []
  return [
    { is: 'note', tone, parts: [headline(checked)] },
    ...(wrong.length > 0 ? [tableOf(wrong)] : []),
    ...(notes.length > 0 ? [{ is: 'list', items: notes.map((note) => [note]) } as const] : []),
  ]
}

const told = ({ text, place }: Problem): string =>
  place ? `${text} (${place.path}:${place.line}:${place.column})` : text

function headline(checked: CheckedExport): string {
  const { title, verdict, order, problem } = checked
  if (verdict === 'unchecked') return `${title}: not checked: ${told(problem!)}`
  if (verdict === 'right')
    return `${title}: right to ${order === 1 ? 'first' : 'second'} order. ${circumstances(checked)}`
  const first = order === 1 ? '' : ' The first derivative is right.'
  if (problem) return `${title}: ${told(problem)}.${first} ${circumstances(checked)}`
  const wrong = checked.inputs.filter((input) => input.wrong !== 0)
  const which = `the ${order === 1 ? '' : 'second '}derivative${wrong.length > 1 ? 's' : ''}`
  const what = order === 1 ? '' : ', the derivative of the derivative,'
  const verb = wrong.length > 1 ? 'are' : 'is'
  return `${title}: ${which} by ${inWords(wrong.map(extent))}${what} ${verb} wrong.${first} ${circumstances(checked)}`
}

/** `x (1 of 6 elements)`. */
function extent({ name, shape, wrong }: CheckedInput): string {
  const size = shape?.reduce((n, m) => n * m, 1) ?? 1
  if (wrong === null) return `${name} (some of ${size} elements)`
  return size === 1 ? name : `${name} (${wrong} of ${size} elements)`
}

/** Longer lists are counted instead. */
const MOST_NAMES = 4

/** `With x [2, 3] and w [3, 4], random; 36 evaluations.` */
function circumstances({ inputs, origin, evaluations }: CheckedExport): string {
  const told = (list: readonly CheckedInput[]) =>
    inWords(list.flatMap(({ name, shape }) => (shape ? [`${name} ${shapeText(shape)}`] : [])))
  const [parameters, own] = [true, false].map((is) => inputs.filter(({ isParameter }) => isParameter === is))
  const counted = parameters.length > MOST_NAMES ? `${parameters.length} parameters` : told(parameters)
  const rest = own.some(({ shape }) => shape) ? [`${told(own)}, ${origin}`] : []
  return `With ${[...(counted === '' ? [] : [counted]), ...rest].join('; ')}; ${evaluations} evaluations.`
}

function tableOf(wrong: readonly CheckedInput[]): Block {
  const left = ['input', 'element', 'result'].map((head) => ({ head, align: 'left' }) as const)
  const right = ['analytic', 'numeric', 'absolute error', 'relative error'].map(
    (head) => ({ head, align: 'right' }) as const,
  )
  const rows = wrong.flatMap(({ name, worst }): Cell[][] => {
    if (!worst) return []
    const { index, output, analytic, numeric, absoluteError, relativeError } = worst
    return [[name, shapeText(index), output, analytic, numeric, absoluteError, relativeError]]
  })
  const caption = wrong.some((input) => (input.wrong ?? 0) > 1) ? 'The worst element of each input' : undefined
  return { is: 'table', columns: [...left, ...right], rows, caption }
}
