/**
 * Showing the work: how large the gradient is in every layer, and whether it is right. The check is of the trained
 * network itself, converted to float64: some entries of every parameter, chosen at random, against central differences.
 */
import { checkGradients, type Generator, randperm, type Tensor } from 'chainrule'
import * as nn from 'chainrule/nn'
import type { GradientCheckReport, GradientCheckRow, GradientNorm } from './report.ts'

const ENTRIES = 20
const TOLERANCE = 1e-5
// Below this a derivative of float64 is rounding.
const ABSOLUTE = 1e-12

/** From the output of the network to its input. */
export function gradientNorms(model: nn.Sequential, images: Tensor, labels: Tensor): GradientNorm[] {
  model.zeroGrad()
  nn.crossEntropy(model.forward(images), labels).backward()
  const norms = model.namedParameters().map(([name, p]) => ({ name, norm: p.grad!.norm().item() }))
  model.zeroGrad()
  return norms.reverse()
}

/** The model is left in float64. */
export function checkNetwork(
  model: nn.Sequential,
  images: Tensor,
  labels: Tensor,
  generator: Generator,
): GradientCheckReport {
  model.to('float64')
  const x = images.to('float64')
  const loss = () => nn.crossEntropy(model.forward(x), labels)
  const rows = model
    .namedParameters()
    .map(([name, parameter]) => checkParameter(model, name, parameter, loss, generator))
  return { tolerance: TOLERANCE, absolute: ABSOLUTE, rows }
}

function checkParameter(
  model: nn.Sequential,
  name: string,
  parameter: Tensor,
  loss: () => Tensor,
  generator: Generator,
): GradientCheckRow {
  const checked = Math.min(ENTRIES, parameter.size)
  const places = randperm(parameter.size, { generator }).narrow(0, 0, checked)
  const chosen = parameter.detach().reshape(-1).indexSelect(0, places).clone()
  chosen.name = name
  const report = checkGradients(
    (values) => withParameter(model, name, replace(parameter, places, values), loss),
    [chosen],
    { eps: 1e-4, rtol: TOLERANCE, atol: ABSOLUTE },
  )
  const [{ ok, kinks, worst }] = report.inputs
  const at = worst ? unravel(places.data[worst.index[0]], parameter.shape) : []
  const { analytic, numeric, relativeError } = worst ?? { analytic: 0, numeric: 0, relativeError: 0 }
  return { name, checked, entries: parameter.size, kinks, worst: at, analytic, numeric, relativeError, ok }
}

/** The parameter with some entries taken from `values`, as part of the history. */
function replace(parameter: Tensor, places: Tensor, values: Tensor): Tensor {
  const flat = parameter.detach().reshape(-1).clone()
  return flat.set([places], values).reshape(parameter.shape)
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
