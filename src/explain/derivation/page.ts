/**
 * A derivation to read: the definition, each step with its rule, values, and what the numerical check found. Nothing
 * here is written for one function in particular.
 */
import { evaluate, type Scalar } from '../../scalar/index.ts'
import type { ChartOptions } from '../draw/chart.ts'
import { type Block, type Cell, type Column, Document, type Inline } from '../render/document.ts'
import { shortNumber } from '../render/number.ts'
import { type PlainObject, toPlain } from '../render/plain.ts'
import { equals, fromScalar, partial, symbol, type Typeset } from '../render/typeset.ts'
import { checkDerivation, type DerivationCheck, slopeOf, tolerance } from './check.ts'
import { type Derivation, expanded, type Formula, type Point, type Words } from './model.ts'
import { plotDerivation } from './plot.ts'

export class DerivationPage extends Document {
  readonly derivation: Derivation
  private checked: DerivationCheck | undefined

  constructor(derivation: Derivation) {
    super()
    this.derivation = derivation
  }

  get title(): string {
    return this.derivation.title
  }

  /** What the comparison of the steps with each other, with difference quotients and with the engine found. */
  get check(): DerivationCheck {
    return (this.checked ??= checkDerivation(this.derivation))
  }

  /** The curves of the function and of its derivative, with the stretches where its slope is next to nothing. */
  toSvg(options: ChartOptions = {}): string {
    return plotDerivation(this.derivation, options)
  }

  /** Plain data: formulas as text and TeX. */
  toJSON(): PlainObject {
    const { name, title, result, wrt, formula, steps: all } = this.derivation
    const spelled = (s: Scalar) => ({ text: fromScalar(s).text, tex: fromScalar(s).tex })
    const told = all.map(({ of, is, by }) => ({ of, ...spelled(is), by: inline(by).map(textOf).join('') }))
    const head = { format: 'chainrule-derivation', version: 1, name, title, result, wrt }
    return toPlain({ ...head, formula: spelled(formula), steps: told, check: this.check })
  }

  blocks(): Block[] {
    const d = this.derivation
    return [
      { is: 'paragraph', parts: inline(d.summary) },
      ...definition(d),
      ...takenApart(d),
      ...steps(d),
      ...d.remarks.map((remark): Block => ({ is: 'paragraph', parts: inline(remark) })),
      { is: 'picture', svg: this.toSvg(), alt: `${d.name} and its derivative` },
      ...values(d),
      ...verdict(d, this.check),
    ]
  }
}

function typeset(formula: Formula): Typeset {
  if ('tex' in formula) return formula
  return 'is' in formula ? fromScalar(formula) : equals(...formula.map((side) => fromScalar(side)))
}

const textOf = (part: Inline): string => (typeof part === 'string' ? part : part.text)

const inline = (parts: Words): Inline[] => parts.map((part) => (typeof part === 'string' ? part : typeset(part)))
const heading = (text: string): Block => ({ is: 'heading', text, level: 2 })
const slope = (d: Derivation): Typeset => partial(d.result, d.wrt)
const display = (left: Typeset, right: Scalar): Block => ({ is: 'formula', lines: [equals(left, fromScalar(right))] })
const right = (head: Inline): Column => ({ head, align: 'right' })

const definition = (d: Derivation): Block[] => [heading('Definition'), display(symbol(d.result), d.formula)]

const steps = (d: Derivation): Block[] => [
  heading('Step by step'),
  ...d.steps.flatMap(({ of, is, by }, i): Block[] => [
    { is: 'paragraph', parts: [`${label(i)}${of === 'implementation' ? ', as it runs' : ''}. `, ...inline(by)] },
    display(of === 'function' ? symbol(d.result) : slope(d), is),
  ]),
]

const label = (i: number): string => `Step ${i + 1}`

function takenApart({ parts }: Derivation): Block[] {
  if (parts.length === 0) return []
  const rows = parts.map(({ name, is, differential, by }): Cell[] => [
    equals(name, fromScalar(is)),
    equals(`d${name}`, fromScalar(differential)),
    by,
  ])
  const columns: Column[] = ['Operation', 'Differential', 'Rule'].map((head) => ({ head, align: 'left' }))
  return [heading('Taken apart'), { is: 'table', columns, rows }]
}

/** The function, its derivative and the difference quotient, at the points by which the function is usually shown. */
function values(d: Derivation): Block[] {
  const names = Object.keys(d.table[0])
  const last = d.steps.at(-1)!
  const f = (at: Point) => evaluate(d.formula, at)
  const rows = d.table.map((at): Cell[] => [
    ...names.map((name) => at[name]),
    f(at),
    evaluate(expanded(d, last.is), at),
    slopeOf(f, d.wrt, at, 1, -1),
  ])
  const columns = [
    ...names.map((name) => right(symbol(name))),
    right(symbol(d.result)),
    right(slope(d)),
    right('difference quotient'),
  ]
  return [heading('Values'), { is: 'table', columns, rows }]
}

function verdict(d: Derivation, check: DerivationCheck): Block[] {
  const rows = check.steps.map(({ before, start }, i): Cell[] => [label(i), bound(before.error), bound(start.error)])
  const columns: Column[] = [{ head: '', align: 'left' }, right('from the step before'), right('from the definition')]
  const [step, quotient] = [shortNumber(tolerance.step), shortNumber(tolerance.quotient)]
  const note: Block = {
    is: 'note',
    tone: check.ok ? 'good' : 'bad',
    parts: check.ok
      ? [
          `At ${check.points} points with `,
          ...region(d),
          `, each step agrees with the one before it to ${step} and each derivative with the central difference quotient of the definition to ${quotient}, relative to 1 + the size of the value. The last one is what backward gives, to ${step}.`,
        ]
      : [`This derivation is wrong: ${failure(d, check)}`],
  }
  return [
    heading('Check'),
    ...kinks(d, check),
    note,
    { is: 'table', columns, rows, caption: 'Largest disagreement' },
    ...farOut(d, check),
  ]
}

/** As a bound, since the digits of a rounding error mean nothing. */
function bound(error: number): Cell {
  const power = [-15, -12, -9, -6].find((exponent) => error < 10 ** exponent)
  return error === 0 || power === undefined ? error : `< 1e${power}`
}

function failure(d: Derivation, check: DerivationCheck): string {
  const step = check.steps.findIndex(({ ok }) => !ok)
  if (step >= 0) return `step ${step + 1} does not follow.`
  const part = check.parts.findIndex(({ error }) => !(error <= tolerance.quotient))
  if (part >= 0) return `the differential of ${d.parts[part].name} is not its slope.`
  return 'its last step is not what backward gives.'
}

function kinks(d: Derivation, { kinks }: DerivationCheck): Block[] {
  return kinks.map(({ at, jump, left, right, chosen }) => {
    const found = jump
      ? ' the value jumps;'
      : ` the slope is ${shortNumber(left)} from the left and ${shortNumber(right)} from the right: a kink;`
    return {
      is: 'paragraph',
      parts: ['At ', equals(d.wrt, at), `${found} the slope that runs is ${shortNumber(chosen)}.`],
    }
  })
}

const region = ({ samples }: Derivation): Inline[] =>
  Object.entries(samples).flatMap(([name, place], i) => [
    i === 0 ? '' : ', ',
    symbol(name),
    ` in [${shortNumber(place(0))}, ${shortNumber(place(1))}]`,
  ])

/** What each form gives where exponentials overflow, digits cancel or a 0 is divided by. */
function farOut(d: Derivation, check: DerivationCheck): Block[] {
  const derivatives = check.steps.flatMap(({ extremes }, i) =>
    d.steps[i].of !== 'function' ? [{ name: label(i), values: extremes }] : [],
  )
  const varies = Object.keys(d.extremes[0] ?? {}).filter((name) =>
    d.extremes.some((at) => at[name] !== d.extremes[0][name]),
  )
  const heads = d.extremes.map((at) => varies.map((name) => `${name} = ${shortNumber(at[name])}`).join(', '))
  const alike = derivatives.every(({ values }) => values.every((value, i) => near(value, check.extremes[i])))
  if (d.extremes.length === 0 || alike) return []
  return [
    {
      is: 'paragraph',
      parts: [
        'On paper all these derivatives are equal. Far out some of them fail in floating point, where an exponential overflows, digits cancel or 0 is divided by 0; the last one stands.',
      ],
    },
    {
      is: 'table',
      columns: [{ head: '', align: 'left' }, ...heads.map(right)],
      rows: [...derivatives.map(({ name, values }): Cell[] => [name, ...values]), ['backward', ...check.extremes]],
      caption: 'Far out',
    },
  ]
}

const near = (a: number, b: number): boolean => Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-6 * Math.abs(b)
