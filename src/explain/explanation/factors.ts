/**
 * A path as factors: what stands between two values of the program, in symbols and in numbers. Factors that are 1 whatever
 * the values are (a view, a term of a sum) say nothing and are left out, unless they tell two paths apart; the factors
 * beside them then reach over the gap.
 */
import { contiguousStrides } from '../../ops/shape.ts'
import { Tensor } from '../../tensor/index.ts'
import type { Application } from '../graph/local.ts'
import { Locator } from '../graph/offsets.ts'
import { bestPaths, type Path } from '../graph/paths.ts'
import type { Program, Step, Variable } from '../graph/program.ts'
import { type Element, Web } from '../graph/web.ts'
import { elementName, type Names } from '../names.ts'
import { keptOf } from '../record/kept.ts'
import { number, partial, product, type Typeset } from '../render/typeset.ts'
import { formulaOf, type Naming, type Place, type Rule, ruleOf } from './rules.ts'

/** ∂of/∂wrt, one link of the chain. */
export class Factor {
  /** The op, or the function made of ops, that computes `of` from `wrt`. */
  readonly op: string
  readonly of: string
  readonly wrt: string
  readonly value: number
  /** Whether it is 0 by a choice of the rule, as relu's at -1: whatever it is multiplied with, infinite or NaN, the product is 0. */
  readonly closed: boolean
  /** What `of` and `wrt` are. */
  readonly values: readonly [of: number, wrt: number]
  /** The application in the program. */
  readonly application: Application
  /** Which one it is in the explanation: several paths may have it in common. */
  readonly edge: number
  readonly #makeRule: () => FullRule
  #rule: FullRule | undefined

  constructor(data: FactorData, rule: () => FullRule) {
    this.op = data.op
    this.of = data.of
    this.wrt = data.wrt
    this.value = data.value
    this.closed = data.closed
    this.values = data.values
    this.application = data.application
    this.edge = data.edge
    this.#makeRule = rule
  }

  /** What a derivative by `of` becomes on the way to `wrt`. */
  times(derivative: number): number {
    return this.closed ? 0 : this.value * derivative
  }

  // Rules are spelled out when they are read: of a thousand factors, few are.
  get #full(): FullRule {
    return (this.#rule ??= this.#makeRule())
  }

  /** The rule in symbols, as plain text: "2·h", "W2[0,0]". */
  get formula(): string {
    return this.symbolic.text
  }

  /** The rule with the names of the values. */
  get symbolic(): Typeset {
    return this.#full.symbolic
  }

  /** The rule with their numbers. */
  get numbers(): Typeset {
    return this.#full.numbers
  }

  /** Whether the rule is a number or a value of the program, rather than a formula to be worked out. */
  get plain(): boolean {
    return this.#full.plain
  }

  /** How many paths lead from `wrt` to `of` inside of a function; 1 for an op. */
  get inside(): bigint {
    return this.#full.inside
  }
}

type FactorData = Pick<Factor, 'op' | 'of' | 'wrt' | 'value' | 'closed' | 'values' | 'application' | 'edge'>

interface FullRule extends Rule {
  readonly inside: bigint
}

/** Speaks of the elements of one web by name. */
export class Chain {
  readonly web: Web
  readonly #names: Names
  /** What steps read and make, as opposed to what exists inside of a function only. */
  readonly #stations = new Set<Variable>()
  /** The steps of applications, to find the variables that they read. */
  readonly #steps = new Map<Application, Step>()
  /** Which op made a variable. */
  readonly #makers = new Map<Variable, Step>()
  /** Per element, how many edges on the way from the input arrive there, and how many lead on to the output. */
  readonly #arriving: Int32Array
  readonly #leaving: Int32Array
  /** The largest paths have most of their factors in common: each is spelled out once. */
  readonly #known = new Map<string, Factor>()

  constructor(web: Web, program: Program, names: Names) {
    this.web = web
    this.#names = names
    for (const { application, outputs } of program.steps.flatMap((step) => step.inside ?? [step])) {
      for (const x of application.origins) if (x instanceof Tensor) names.reserve(x)
      for (const y of outputs) names.reserve(y.origin)
    }
    names.of(program.output, program.output.origin, 'L')
    names.of(program.input, program.input.origin, 'x')
    for (const step of program.steps) {
      for (const y of step.outputs) names.of(y, y.origin)
      for (const x of [...step.operands, ...step.outputs]) if (x) this.#stations.add(x)
      for (const inner of step.inside ?? [step]) {
        this.#steps.set(inner.application, inner)
        for (const y of inner.outputs) this.#makers.set(y, inner)
      }
    }
    const { alive } = web.derivatives()
    this.#arriving = new Int32Array(web.elements)
    this.#leaving = new Int32Array(web.elements)
    for (let e = 0; e < web.edges; e++) {
      if (!alive[web.to.at(e)]) continue
      this.#arriving[web.to.at(e)]++
      this.#leaving[web.from.at(e)]++
    }
  }

  /** @param all keep the factors that are 1 whatever the values are. */
  factors({ edges }: Path, all: boolean): Factor[] {
    const { web } = this
    const shown = edges.flatMap((e, place) => (all || this.#tells(e) ? [place] : []))
    if (shown.length === 0 && edges.length > 0) shown.push(0)
    // The elements along the path, from the output down: edge `place` leads from element place + 1 up to element place.
    const along = [web.end, ...edges.map((e) => web.from.at(e))]
    const ends = shown.map((place, k) => this.#boundary(along, k === 0 ? 0 : shown[k - 1] + 1, k === 0 ? 0 : place))
    ends.push(along[along.length - 1])
    return shown.map((place, k) => this.#factor(edges[place], ends[k], ends[k + 1]))
  }

  /** Whether the factor of an edge says something: it is a number that depends on values, or one of several ways. */
  #tells(e: number): boolean {
    const { web } = this
    // Inside of a function, ways that each pass on what arrives may meet again.
    if (web.factor.at(e) !== 1 || this.#arriving[web.to.at(e)] > 1 || this.#leaving[web.from.at(e)] > 1) return true
    return !web.steps[web.step.at(e)].identity(web.slot.at(e))
  }

  /** Of elements that all have the same derivative, the first that the program itself has a name for. */
  #boundary(along: readonly number[], first: number, last: number): number {
    for (let k = first; k <= last; k++)
      if (this.#names.known(this.web.element(along[k]).variable.origin) !== undefined) return along[k]
    return along[first]
  }

  #factor(e: number, upper: number, lower: number): Factor {
    const key = `${e} ${upper} ${lower}`
    const known = this.#known.get(key) ?? this.#made(e, upper, lower)
    this.#known.set(key, known)
    return known
  }

  #made(e: number, upper: number, lower: number): Factor {
    const { web } = this
    const step = web.steps[web.step.at(e)]
    const [from, to] = [web.element(web.from.at(e)), web.element(web.to.at(e))]
    const value = web.factor.at(e)
    const place = { slot: web.slot.at(e), i: from.index, k: step.outputs.indexOf(to.variable), o: to.index }
    const [of, wrt] = [web.element(upper), web.element(lower)]
    const data = {
      op: step.name,
      of: this.name(of),
      wrt: this.name(wrt),
      value,
      closed: web.closed.at(e) === 1,
      values: [elementValue(of), elementValue(wrt)] as const,
      application: step.application,
      edge: e,
    }
    return new Factor(data, () => this.#rule(step, place, value))
  }

  name({ variable, index }: Element): string {
    return elementName(this.#names.of(variable, variable.origin), variable.tensor, index)
  }

  #rule(step: Step, place: Place, value: number): FullRule {
    if (!step.inside) return { ...ruleOf(step.application, place, value, this.#naming), inside: 1n }
    const from = { variable: step.operands[place.slot]!, index: place.i }
    const to = { variable: step.outputs[place.k], index: place.o }
    const web = new Web(step.inside, from, to)
    const inside = web.pathCount()
    const rule = inside === 1n ? this.#inner(web, bestPaths(web, 1).best[0]) : null
    if (rule) return { ...rule, inside }
    return { symbolic: partial(this.name(to), this.name(from)), numbers: number(value), plain: true, inside }
  }

  /** The rule of a function with one path inside: the product of the rules along it. */
  #inner(web: Web, { edges }: Path): Rule | null {
    const rules = edges.flatMap((e) => {
      const step = web.steps[web.step.at(e)]
      if (step.identity(web.slot.at(e))) return []
      const [from, to] = [web.element(web.from.at(e)), web.element(web.to.at(e))]
      const place = { slot: web.slot.at(e), i: from.index, k: step.outputs.indexOf(to.variable), o: to.index }
      return [ruleOf(step.application, place, web.factor.at(e), this.#naming)]
    })
    const telling = rules.filter((rule) => rule.symbolic.text !== '1')
    if (telling.length === 1) return telling[0]
    // A long product of things that have no name says less than the number.
    if (telling.length > 2) return null
    return {
      symbolic: product(telling.map((rule) => rule.symbolic)),
      numbers: product(telling.map((rule) => rule.numbers)),
      plain: telling.length === 0,
    }
  }

  /** Values on the way have names; constants only those that the program gave them. */
  readonly #naming: Naming = (call, which, index) => {
    const step = this.#steps.get(call)!
    const variable = which < 0 ? step.outputs[-1 - which] : step.operands[which]
    if (variable && (this.#stations.has(variable) || this.#names.known(variable.origin) !== undefined))
      return this.name({ variable, index })
    if (variable) return this.#spelledOut(variable, index)
    const x = call.origins[which]
    return typeof x === 'number' ? undefined : nameThroughViews(this.#names, x, index)
  }

  /** A value inside of a function has no name: a simple one is written out. */
  #spelledOut(variable: Variable, index: number): Typeset | undefined {
    const made = this.#makers.get(variable)
    const sources = made?.operands.every((x) => x === null || this.#stations.has(x))
    return sources ? formulaOf(made!.application, index, this.#naming) : undefined
  }
}

/** The element of a view is the element of what it looks at, down to something that has a name. */
function nameThroughViews(names: Names, x: Tensor, index: number): string | undefined {
  if (names.known(x) !== undefined) return elementName(names.of(x, x), x, index)
  const { gradFn: node } = x
  const base = (keptOf(node ?? undefined)?.operands ?? node?.inputs)?.[0]
  if (!node || !(base instanceof Tensor) || node.op.kind !== 'view' || node.op.scatter) return undefined
  const layout = node.op.layout(node.attrs, { shape: base.shape, strides: contiguousStrides(base.shape), offset: 0 })!
  return nameThroughViews(names, base, layout.offset + new Locator(x.shape).locate(index, layout.strides))
}

/** The number that an element is. */
export const elementValue = ({ variable: { tensor: x }, index }: Element): number =>
  x.buffer[x.offset + new Locator(x.shape).locate(index, x.strides)]
