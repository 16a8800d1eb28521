/** The gradient norm of every parameter from the output back to the input: one glance at where a gradient is lost. */
import { ArgumentError } from '../../errors/index.ts'
import { Module } from '../../nn/module.ts'
import { kindOf } from '../../ops/arguments.ts'
import { barChart, type ChartOptions } from '../draw/chart.ts'
import { picture } from '../lab/blocks.ts'
import { type Block, Document } from '../render/document.ts'
import { type PlainObject, toPlain } from '../render/plain.ts'
import { normOfTensor } from './statistics.ts'

export interface GradientNorm {
  readonly key: string
  /** √(Σ g²); null where the parameter has no gradient. */
  readonly norm: number | null
}

export class GradientTrace extends Document {
  readonly title = 'Gradient norms (output → input)'
  /** The last parameter first. */
  readonly norms: readonly GradientNorm[]

  constructor(norms: readonly GradientNorm[]) {
    super()
    this.norms = norms
  }

  blocks(): Block[] {
    const lines = this.norms.map(({ key, norm }) => `${key.padEnd(30)}: ${norm === null ? 'none' : scientific(norm)}`)
    return [{ is: 'code', text: lines.join('\n') }, picture(this.toSvg(), this.title)]
  }

  toSvg(options: ChartOptions = {}): string {
    const bars = this.norms.flatMap(({ key, norm }) => (norm === null ? [] : [{ label: key, value: norm }]))
    const y = { label: '‖∂L/∂w‖', scale: 'log' } as const
    return barChart({ title: this.title, x: { label: 'parameter' }, y, bars }, options)
  }

  toJSON(): PlainObject {
    return toPlain({ format: 'chainrule-gradient-trace', version: 1, norms: this.norms })
  }
}

/** Three digits and an exponent of at least two, as Python's `{norm:.2e}`. */
const scientific = (x: number): string => x.toExponential(2).replace(/([+-])(\d)$/, '$10$2')

/**
 * The norm of each parameter's `.grad`, in the order in which backward comes by: call it after `backward()`.
 * @throws ArgumentError for anything but a module.
 * @example const fc = new nn.Linear(2, 1); fc.forward(ones([1, 2])).sum().backward(); traceGradients(fc).norms // [{ key: 'bias', norm: 1 }, { key: 'weight', norm: 1.4142 }]
 */
export function traceGradients(model: Module): GradientTrace {
  if (!(model instanceof Module)) throw new ArgumentError(`traceGradients: takes a module, got ${kindOf(model)}`)
  const norms = model.namedParameters().map(([key, { grad }]) => ({ key, norm: grad && normOfTensor(grad) }))
  return new GradientTrace(norms.reverse())
}
