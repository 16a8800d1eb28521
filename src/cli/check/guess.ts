/** Finding arguments by trying: random tensors of one shape after the other, until the function runs. */
import { flatten } from '../../autodiff/tree.ts'
import { isFloating } from '../../ops/dtype.ts'
import { add, mul } from '../../ops/elementwise/index.ts'
import { shapeText } from '../../ops/shape.ts'
import type { DType } from '../../ops/value.ts'
import { Generator, rand, randint, randn, type Tensor } from '../../tensor/index.ts'
import type { Arguments } from './arguments.ts'
import { layerShapes } from './layer-shapes.ts'
import { problemOf } from './place.ts'
import type { Problem } from './result.ts'
import { type Shapes, shapesOf } from './shapes.ts'
import type { Signature } from './signature.ts'
import { INPUTS, type Subject } from './subjects.ts'

/** What comes of calling a function. */
export type Trial =
  /** How many numbers it returns that can be differentiated, whether all of them are finite, and of which dtypes. */
  | { readonly is: 'ran'; readonly size: number; readonly finite: boolean; readonly dtypes: readonly DType[] }
  /** It returns something that has no derivative. */
  | { readonly is: 'unfit'; readonly why: string }
  | { readonly is: 'threw'; readonly error: unknown }

export function attempt({ call }: Subject, values: readonly unknown[]): Trial {
  try {
    const returned = call(...values)
    const leaves = flatten(returned).leaves.filter((y) => isFloating(y.dtype))
    if (leaves.length === 0) return { is: 'unfit', why: `it returns ${whatReturned(returned)}` }
    const numbers = leaves.flatMap((y) => [...y.data] as number[])
    const dtypes = leaves.map((y) => y.dtype)
    return { is: 'ran', size: numbers.length, finite: numbers.every(Number.isFinite), dtypes }
  } catch (error) {
    return { is: 'threw', error }
  }
}

function whatReturned(returned: unknown): string {
  const [first] = flatten(returned).leaves
  if (first) return `${first.dtype}, which has no derivative`
  const isPromise = typeof (returned as Promise<unknown> | null)?.then === 'function'
  if (isPromise) return 'a promise; only functions that return their result at once can be checked'
  const what =
    returned === null || returned === undefined ? String(returned) : `no tensor but ${article(typeof returned)}`
  return `${what}; what is differentiated must be a tensor`
}

const article = (type: string): string => `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`

type Draw = (shape: readonly number[], generator: Generator) => Tensor

const drawn = (generator: Generator) => ({ dtype: 'float64', generator }) as const

const normal: Draw = (shape, generator) => randn([...shape], drawn(generator))

/** From where the numbers are drawn, in this order: some functions are defined on a part of the line only. */
const draws = [
  { origin: 'random', draw: normal },
  { origin: 'random between 0.1 and 0.9', draw: between(0.1, 0.9) },
  { origin: 'random between 1.1 and 2', draw: between(1.1, 2) },
]

function between(low: number, high: number): Draw {
  return (shape, generator) => add(mul(rand([...shape], drawn(generator)), high - low), low)
}

function make(shapes: Shapes, draw: Draw, seed: number): Tensor[] {
  const generator = new Generator(seed)
  return shapes.map(({ shape, below }) =>
    below === undefined ? draw(shape, generator) : randint(0, below, [...shape], { dtype: 'int32', generator }),
  )
}

/** Arguments with which the function runs, and gives finite numbers if that can be had; or why there are none. */
export function guessArguments(subject: Subject, seed: number): Arguments | Problem {
  const candidates = candidatesOf(subject)
  let failure: { readonly error: unknown } | undefined
  for (const way of draws) {
    for (const shapes of candidates) {
      const trial = attempt(subject, make(shapes, way.draw, seed))
      if (trial.is === 'unfit') return { text: trial.why, place: null }
      if (trial.is === 'ran') return trial.finite ? drawnFrom(way, shapes, seed) : finite(subject, shapes, seed)
      failure ??= trial
    }
  }
  return whyNone(subject, candidates[0], failure?.error)
}

/** Made anew: a function may change what it is given. */
const drawnFrom = ({ origin, draw }: (typeof draws)[number], shapes: Shapes, seed: number): Arguments => ({
  values: make(shapes, draw, seed),
  origin,
})

/** Numbers of which those shapes give finite results, or else any: then the check says what it thinks of them. */
function finite(subject: Subject, shapes: Shapes, seed: number): Arguments {
  const fitting = draws.find(({ draw }) => {
    const trial = attempt(subject, make(shapes, draw, seed))
    return trial.is === 'ran' && trial.finite
  })
  return drawnFrom(fitting ?? draws[0], shapes, seed)
}

function whyNone({ name }: Subject, first: Shapes | undefined, error: unknown): Problem {
  const give = `export const ${INPUTS} = { ${name}: [...] }`
  if (!first) return { text: `it takes no arguments; if it closes over tensors, say which: ${give}`, place: null }
  const { text, place } = problemOf(error)
  const tried = first.length > 0 ? `With ${first.map(({ shape }) => shapeText(shape)).join(', ')}: ` : ''
  return {
    text: `it could not be run with random tensors of any likely shape; say what it takes: ${give}. ${tried}${text}`,
    place,
  }
}

/** A rest parameter may stand for some arguments. */
const MOST_ARGUMENTS = 4

function candidatesOf({ module, required, signature }: Subject): Shapes[] {
  const none = module ? [[]] : []
  return countsOf(required, signature).flatMap((count) =>
    count === 0 ? none : [...(module ? layerShapes(module, count) : []), ...shapesOf(count)],
  )
}

/** How many arguments are tried: all that have no default first. TypeScript's optional ones (`w?: Tensor`) have none. */
function countsOf(required: number, { parameters, rest }: Signature): number[] {
  if (rest !== null) return Array.from({ length: MOST_ARGUMENTS }, (_, i) => required + i)
  if (required === 0) return parameters.length > 0 ? [1, 0] : [0]
  return Array.from({ length: required }, (_, i) => required - i)
}
