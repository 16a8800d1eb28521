/** Orders of multiplying a chain of Jacobians, with their cost. */
import { barChart, type ChartOptions } from '../draw/chart.ts'
import { type Block, Document } from '../render/document.ts'
import { shortNumber } from '../render/number.ts'
import { type PlainObject, toPlain } from '../render/plain.ts'
import { count, paragraph, picture, table } from './blocks.ts'
import type { Bracketing } from './bracketing-cost.ts'

export class BracketingCost extends Document {
  /** Widths from input to output. */
  readonly sizes: readonly number[]
  /** From the input on, as forward mode does for all inputs at once. */
  readonly forward: Bracketing
  /** From the output back, as reverse mode does for all outputs at once. */
  readonly reverse: Bracketing
  /** Of all orders the one with the fewest multiply-adds. */
  readonly best: Bracketing
  readonly title = 'The order in which Jacobians are multiplied'

  constructor(sizes: readonly number[], forward: Bracketing, reverse: Bracketing, best: Bracketing) {
    super()
    this.sizes = sizes
    this.forward = forward
    this.reverse = reverse
    this.best = best
  }

  blocks(): Block[] {
    const shapes = this.sizes.slice(1).map((rows, i) => `J${i + 1} [${rows}, ${this.sizes[i]}]`)
    return [
      paragraph(
        `Along the widths ${this.sizes.join(' → ')} the Jacobians are ${shapes.join(', ')}; their product is the same in any order.`,
      ),
      table(
        ['', 'order', 'multiply-adds', 'best = 1'],
        Object.entries(this.ways()).map(([name, { order, multiplyAdds }]) => [
          name,
          order,
          count(multiplyAdds),
          this.relative(multiplyAdds),
        ]),
      ),
      picture(this.toSvg(), 'The multiply-adds of each order.'),
    ]
  }

  private ways(): Readonly<Record<string, Bracketing>> {
    return { 'forward mode': this.forward, 'reverse mode': this.reverse, 'the best order': this.best }
  }

  private relative(multiplyAdds: number): string {
    return multiplyAdds === this.best.multiplyAdds ? '1' : shortNumber(multiplyAdds / this.best.multiplyAdds)
  }

  toSvg(options: ChartOptions = {}): string {
    const bars = Object.entries(this.ways()).map(([label, { multiplyAdds }]) => ({ label, value: multiplyAdds }))
    const y = { label: 'multiply-adds', scale: 'log' } as const
    return barChart({ title: this.title, x: { label: '' }, y, bars }, options)
  }

  toJSON(): PlainObject {
    const { sizes, forward, reverse, best } = this
    return toPlain({ format: 'chainrule-bracketing-cost', version: 1, sizes, forward, reverse, best })
  }
}
