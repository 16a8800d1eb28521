/** Programs made of the fixtures: a call per op, layer and loss with its derivatives, and the graphs of the articles. */
import * as chainrule from 'chainrule'
import { gradients, type Tensor, tensor } from 'chainrule'
import * as nn from 'chainrule/nn'

/** A function and what it is called with, made anew for each way of running it. */
export interface Program {
  readonly name: string
  /** What it may be off the eager one, relative to 1 or to the number. */
  readonly bound: number
  make(): { run(...xs: Tensor[]): Tensor[]; readonly args: readonly Tensor[] }
}

type Numbers = readonly (number | string)[]
interface Encoded {
  readonly shape: readonly number[]
  readonly data: Numbers
  readonly dtype?: 'int32' | 'bool'
}
interface Call {
  readonly op: string
  readonly args: readonly unknown[]
  readonly options: Record<string, unknown>
  readonly inputs: readonly Encoded[]
  readonly gradients?: readonly (Numbers | null)[]
}
interface ModuleCase {
  readonly module: string
  readonly args: readonly unknown[]
  readonly options: Record<string, unknown>
  readonly state: Record<string, Encoded>
  readonly runs: readonly Call[]
}
interface Graph {
  readonly id: string
  readonly inputs: Record<string, unknown>
  readonly graph?: { readonly nodes: readonly { id: string; op: string; in: readonly (string | number)[] }[] }
}
/** What `fixtures/ops.json`, `fixtures/nn.json` and the articles' `cases.json` hold. */
export interface Fixtures {
  readonly ops: readonly Call[]
  readonly nn: { readonly modules: readonly ModuleCase[]; readonly losses: readonly Call[] }
  readonly cases: readonly Graph[]
}

/** A call of the library by name. */
type Callable = (...args: unknown[]) => unknown

const float64 = 'float64'

function decode({ shape, data, dtype = float64 as 'bool' }: Encoded): Tensor {
  const x = tensor(Float64Array.from(data, Number), { dtype }).reshape(shape)
  return tensor(x, { requiresGrad: x.dtype === float64 })
}

/** "$0" at any depth is input 0; numbers that JSON cannot write are strings. */
function fill(x: unknown, inputs: readonly Tensor[]): unknown {
  if (typeof x === 'string' && x.startsWith('$')) return inputs[Number(x.slice(1))]
  if (x === 'NaN' || x === 'Infinity' || x === '-Infinity') return Number(x)
  if (Array.isArray(x)) return x.map((y) => fill(y, inputs))
  if (typeof x !== 'object' || x === null) return x
  return Object.fromEntries(Object.entries(x).map(([key, y]) => [key, fill(y, inputs)]))
}

const callOf = (f: Callable, { args, options }: Pick<Call, 'args' | 'options'>, inputs: readonly Tensor[]): unknown =>
  f(...(fill(args, inputs) as unknown[]), ...(Object.keys(options).length > 0 ? [fill(options, inputs)] : []))

/** All tensors in what a call returned. */
function leaves(x: unknown): Tensor[] {
  if (x instanceof chainrule.Tensor) return [x]
  return typeof x === 'object' && x !== null ? Object.values(x).flatMap(leaves) : []
}

/** Outputs and the gradients of the sum of their squares. */
function withGradients(outputs: readonly Tensor[], xs: readonly Tensor[]): Tensor[] {
  const ys = outputs.filter((y) => y.requiresGrad && y.size > 0)
  const wanted = xs.filter((x) => x.requiresGrad)
  if (ys.length === 0 || wanted.length === 0) return outputs.map((y) => y.detach())
  const total = ys.map((y) => y.mul(y).sum()).reduce((a, b) => a.add(b))
  const found = gradients(total, wanted, { allowUnused: true })
  return [...outputs.map((y) => y.detach()), ...found.filter((g): g is Tensor => g !== null)]
}

/** Indices that are masks give shapes that depend on values, which programs cannot have. */
const isMask = ({ op, inputs }: Call): boolean =>
  ['at', 'maskedSelect', 'nonzero'].includes(op) && inputs.some(({ dtype }) => dtype === 'bool')

function opProgram(c: Call, library: object): Program[] {
  const f = (library as Record<string, Callable>)[c.op]
  if (typeof f !== 'function' || isMask(c) || c.op === 'nonzero') return []
  const make = () => ({
    args: c.inputs.map(decode),
    run: (...xs: Tensor[]) => withGradients(leaves(callOf(f, c, xs)), xs),
  })
  return [{ name: `${c.op}(${JSON.stringify(c.args)}, ${JSON.stringify(c.options)})`, bound: 1e-12, make }]
}

function moduleProgram({ module, args, options, state, runs }: ModuleCase): Program {
  const Module = (nn as unknown as Record<string, new (...args: unknown[]) => nn.Module>)[module]
  const make = () => {
    const layer = new Module(...args, ...(Object.keys(options).length > 0 ? [options] : [])).to(float64)
    layer.loadStateDict(Object.fromEntries(Object.entries(state).map(([key, x]) => [key, decode(x).detach()])))
    const forward = layer.forward.bind(layer) as Callable
    const run = (...xs: Tensor[]) => {
      const outputs = leaves(callOf(forward, runs[0], xs))
      return [...withGradients(outputs, [...xs, ...layer.parameters()]), ...layer.buffers().map((x) => x.mul(1))]
    }
    return { args: runs[0].inputs.map(decode), run }
  }
  return { name: `${module}(${JSON.stringify(args)}, ${JSON.stringify(options)})`, bound: 1e-12, make }
}

/** The formulas of the articles' graphs, by the names that stand there. */
const formulas: Record<string, (...xs: Tensor[]) => Tensor> = {
  mul: (a, b) => a.mul(b),
  add: (a, b) => a.add(b),
  sub: (a, b) => a.sub(b),
  sigmoid: (a) => a.sigmoid(),
  square: (a) => a.square(),
  pow2: (a) => a.square(),
  relu: (a) => a.relu(),
  // Article 003 writes W2 as [in, out].
  affine: (w, x, b) => (w.shape[1] === x.shape[0] ? w : w.T).matmul(x).add(b),
  bce: (p, y) => nn.bceLoss(p, y.expand(p.shape)),
}

function graphProgram({ id, inputs, graph }: Graph): Program[] {
  if (!graph) return []
  const names = Object.keys(inputs).filter((name) => graph.nodes.some((node) => node.in.includes(name)))
  const make = () => ({
    args: names.map((name) => tensor(inputs[name] as number, { dtype: float64, requiresGrad: true })),
    run: (...xs: Tensor[]) => {
      const values = new Map<string | number, Tensor>(names.map((name, i) => [name, xs[i]]))
      for (const node of graph.nodes) {
        const operands = node.in.map((x) => values.get(x) ?? tensor(x as number, { dtype: float64 }))
        values.set(node.id, formulas[node.op](...operands))
      }
      return withGradients([...values.values()].slice(names.length), xs)
    },
  })
  return [{ name: id, bound: 1e-12, make }]
}

/** Every op, layer and loss once, or with `all` in each of its cases. */
export function fixturePrograms({ ops, nn: { modules, losses }, cases }: Fixtures, all: boolean): Program[] {
  const once = <T>(list: readonly T[], key: (x: T) => string): readonly T[] =>
    all ? list : [...new Map(list.map((x) => [key(x), x])).values()]
  return [
    ...once(ops, ({ op }) => op).flatMap((c) => opProgram(c, chainrule)),
    ...once(losses, ({ op }) => op).flatMap((c) => opProgram(c, nn)),
    ...once(modules, ({ module }) => module).map(moduleProgram),
    ...cases.flatMap(graphProgram),
  ]
}
