/** What the gradient's way through the layers amounts to, in one word and one sentence. */
import { shortNumber } from '../render/number.ts'
import { digits } from './blocks.ts'
import type { DepthLayer } from './depth-lab.ts'
import { type Grade, gradeOf } from './grade.ts'

export interface Verdict {
  /** By `ratio`: below 1e-3, below 0.1, up to 10, up to 1e3, above. */
  readonly is: Grade | 'zero' | 'not finite'
  /** Mean |∂L/∂W| of layer 1 as a multiple of that of the last hidden layer; NaN where that is 0. */
  readonly ratio: number
  /** The same per layer in between; NaN where there is a single hidden layer. */
  readonly perLayer: number
  readonly text: string
}

/** The smallest float32 above 0. */
const SMALLEST_FLOAT32 = 2 ** -149

export function judge(layers: readonly DepthLayer[]): Verdict {
  const hidden = layers.slice(0, -1)
  const [{ ratio, gradient }] = hidden
  const perLayer = ratio ** (1 / (hidden.length - 1))
  const spoilt = layers.find((layer) => !Number.isFinite(layer.gradient.mean))
  if (spoilt) {
    const text = `the gradient of ${spoilt.name} is ${shortNumber(spoilt.gradient.mean)}: a value was out of range`
    return { is: 'not finite', ratio, perLayer, text }
  }
  const empty = hidden.filter((layer) => layer.gradient.largest === 0)
  if (empty.length > 0) return { is: 'zero', ratio, perLayer, text: zeroText(empty, hidden) }
  const is = gradeOf(Math.log10(ratio))
  return { is, ratio, perLayer, text: ratioText(is, ratio, perLayer, hidden) + lostText(gradient.largest) }
}

function zeroText(empty: readonly DepthLayer[], hidden: readonly DepthLayer[]): string {
  const [first, last] = [empty[0].name, empty[empty.length - 1].name]
  if (empty.length === hidden.length) return 'no hidden layer receives any gradient: it is exactly 0'
  if (empty.length === 1) return `${first} receives no gradient at all: it is exactly 0`
  return `${first} to ${last} receive no gradient at all: it is exactly 0`
}

function ratioText(is: Verdict['is'], ratio: number, perLayer: number, hidden: readonly DepthLayer[]): string {
  if (hidden.length === 1) return 'one hidden layer: there is no other to compare its gradient with'
  const share = shortNumber(digits(ratio, 2))
  const each = shortNumber(digits(perLayer, 3))
  const part = ratio < 1 ? `${share} of` : `${share} times`
  return `layer 1 receives ${part} the last layer's gradient, a factor of ${each} per layer: ${is}`
}

const lostText = (largest: number): string =>
  largest < SMALLEST_FLOAT32 / 2 ? '; in float32 it would be exactly 0' : ''
