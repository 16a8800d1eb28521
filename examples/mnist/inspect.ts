/**
 * Showing the work: how large the gradient is in every layer, and whether it is right. The check is of the trained
 * network itself, converted to float64: some entries of every parameter, chosen at random, against central differences.
 */
import { ChainruleError, checkGradients, Generator, randperm, type Tensor } from 'chainrule'
import type { ImageDataset } from 'chainrule/data'
import * as nn from 'chainrule/nn'
import type { Breath } from './breath.ts'
import type { Ending, GradientCheckReport, GradientCheckRow, GradientNorms, LayerNorms } from './report.ts'

const INSPECTED = 256
const CHECKED = 8
const ENTRIES = 20
const PIECE = 5
const TOLERANCE = 1e-5
// Below this a derivative of float64 is rounding.
const ABSOLUTE = 1e-12

/** The pictures on which all this is done: the first of those for testing. */
const firstOf = (data: ImageDataset, n: number) => data.batch(Int32Array.from({ length: n }, (_, i) => i))

export function measureNorms(model: nn.Sequential, data: ImageDataset): GradientNorms {
  return { pictures: INSPECTED, layers: layerNorms(model, ...firstOf(data, INSPECTED)) }
}

/** Leaves the model in float64. Returns a sentence where nothing can be checked. */
export async function check(
  model: nn.Sequential,
  data: ImageDataset,
  seed: number,
  { how }: Ending,
  breath: Breath,
): Promise<GradientCheckReport | string> {
  if (how === 'diverged')
    return 'training diverged, and around numbers that are not finite no differences can be taken.'
  try {
    return await checkNetwork(model, ...firstOf(data, CHECKED), new Generator(seed), breath)
  } catch (error) {
    if (!(error instanceof ChainruleError)) throw error
    return `${error.message}.`
  }
}

/** From the output of the network to its input. */
function layerNorms(model: nn.Sequential, images: Tensor, labels: Tensor): LayerNorms[] {
  setGradients(model, images, labels)
  const norms = model.namedModules().flatMap(([path, module]) => {
    const own = module.namedParameters().filter(([key]) => !key.includes('.'))
    const parameters = own.map(([key, p]) => ({ name: `${path}.${key}`, norm: p.grad!.norm().item() }))
    return parameters.length > 0 ? [{ layer: nameOf(module), parameters }] : []
  })
  model.zeroGrad()
  return norms.reverse()
}

function setGradients(model: nn.Sequential, images: Tensor, labels: Tensor): void {
  model.zeroGrad()
  nn.crossEntropy(model.forward(images), labels).backward()
}

/** Linear(784, 128), Conv2d(1, 8, 5×5) */
function nameOf(module: nn.Module): string {
  if (module instanceof nn.Linear) return `Linear(${module.inFeatures}, ${module.outFeatures})`
  if (module instanceof nn.Conv2d)
    return `Conv2d(${module.inChannels}, ${module.outChannels}, ${module.kernelSize.join('×')})`
  return module.constructor.name
}

async function checkNetwork(
  model: nn.Sequential,
  images: Tensor,
  labels: Tensor,
  generator: Generator,
  breath: Breath,
): Promise<GradientCheckReport> {
  model.to('float64')
  const x = images.to('float64')
  setGradients(model, x, labels)
  const dead = new Set(model.namedParameters().flatMap(([name, p]) => (p.grad!.norm().item() === 0 ? [name] : [])))
  model.zeroGrad()
  const loss = () => nn.crossEntropy(model.forward(x), labels)
  const rows: GradientCheckRow[] = []
  for (const named of model.namedParameters()) {
    rows.push({ ...(await checkParameter(model, named, loss, generator, breath)), dead: dead.has(named[0]) })
  }
  return { tolerance: TOLERANCE, absolute: ABSOLUTE, pictures: CHECKED, rows }
}

/** Some entries at a time, so that there is room to breathe. */
async function checkParameter(
  model: nn.Sequential,
  [name, parameter]: readonly [string, Tensor],
  loss: () => Tensor,
  generator: Generator,
  breath: Breath,
): Promise<GradientCheckRow> {
  const checked = Math.min(ENTRIES, parameter.size)
  const places = randperm(parameter.size, { generator }).narrow(0, 0, checked)
  const flat = parameter.detach().reshape(-1).clone()
  const row = { name, checked, entries: parameter.size, kinks: 0, ok: true }
  let worst = { worst: [] as number[], analytic: 0, numeric: 0, relativeError: 0, excess: -1 }
  for (let start = 0; start < checked; start += PIECE) {
    const some = places.narrow(0, start, Math.min(PIECE, checked - start))
    const [found] = checkGradients(
      (values) => withParameter(model, name, flat.clone().set([some], values).reshape(parameter.shape), loss),
      [flat.indexSelect(0, some)],
      { eps: 1e-4, rtol: TOLERANCE, atol: ABSOLUTE },
    ).inputs
    row.kinks += found.kinks
    row.ok &&= found.ok
    if (found.worst) {
      const { analytic, numeric, absoluteError, relativeError, index } = found.worst
      const excess = absoluteError / (ABSOLUTE + TOLERANCE * Math.abs(numeric))
      const at = unravel(some.data[index[0]], parameter.shape)
      if (!(excess <= worst.excess)) worst = { worst: at, analytic, numeric, relativeError, excess }
    }
    await breath.take()
  }
  const { excess: _, ...shown } = worst
  return { ...row, ...shown }
}

/** Runs fn while the parameter of that name is another tensor. */
function withParameter<T>(model: nn.Module, name: string, stand: Tensor, fn: () => T): T {
  const path = name.split('.')
  const key = path.pop()!
  const owner = path.reduce(
    (at, part) => (at as unknown as Record<string, nn.Module>)[part],
    model,
  ) as unknown as Record<string, Tensor>
  const parameter = owner[key]
  owner[key] = stand
  try {
    return fn()
  } finally {
    owner[key] = parameter
  }
}

function unravel(flat: number, shape: readonly number[]): number[] {
  const index: number[] = []
  let rest = flat
  for (let d = shape.length - 1; d >= 0; d--) {
    index.unshift(rest % shape[d])
    rest = Math.floor(rest / shape[d])
  }
  return index
}
