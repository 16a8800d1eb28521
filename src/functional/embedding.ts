/** A table looked up by index: the first layer of everything that reads tokens. */
import { toDense } from '../backends/js/layout.ts'
import { ArgumentError, checkOptions, DTypeError, IndexError, ShapeError } from '../errors/index.ts'
import { eq } from '../ops/elementwise/index.ts'
import { elementwise } from '../ops/kinds/elementwise.ts'
import { indexSelect } from '../ops/routine/indexSelect.ts'
import { shapeText } from '../ops/shape.ts'
import { reshape } from '../ops/view/reshape.ts'
import * as s from '../scalar/index.ts'
import { composite, readable, type Tensor } from '../tensor/index.ts'
import { requireTensor } from './shape/operand.ts'

/** x, through which nothing flows back where `fixed` is true: the row of a padding token is read but never learnt. */
const held = elementwise({
  name: 'held',
  args: ['x', 'fixed'],
  dtype: 'same',
  formula: ({ x }) => x,
  partials: ({ fixed }) => ({ x: s.select(fixed, s.c(0), s.c(1)) }),
})

export interface EmbeddingOptions {
  /** A token whose row gets no gradient; may count from the end. */
  readonly paddingIdx?: number | null
}

/**
 * The rows of `weight` that the tokens name: out[...] = weight[tokens[...]].
 * @param tokens int32 of any shape.
 * @param weight [rows, features].
 * @returns the shape of tokens, then features.
 * @throws IndexError for a token that is no row.
 * @example embedding(tensor([1, 0], { dtype: 'int32' }), tensor([[1, 2], [3, 4]])) // [[3, 4], [1, 2]]
 */
export const embedding = composite(
  'embedding',
  (tokens: Tensor, weight: Tensor, options: EmbeddingOptions = {}): Tensor => {
    checkOptions('embedding', options, ['paddingIdx'])
    requireTensor('embedding', tokens, 'the tokens')
    requireTensor('embedding', weight, 'the weight')
    if (tokens.dtype !== 'int32')
      throw new DTypeError(
        `embedding: tokens must be int32, got ${tokens.dtype}; use tensor(tokens, { dtype: 'int32' })`,
      )
    if (weight.ndim !== 2)
      throw new ShapeError(`embedding: the weight is [rows, features], got ${shapeText(weight.shape)}`)
    const padding = rowOf(options.paddingIdx, weight.shape[0])
    requireRows(tokens, weight.shape[0])
    const rows = reshape(indexSelect(weight, 0, reshape(tokens, [-1])), [...tokens.shape, weight.shape[1]])
    if (padding === null) return rows
    return held(rows, reshape(eq(tokens, padding), [...tokens.shape, 1]))
  },
)

/** A padding index counted from 0. */
export function rowOf(paddingIdx: number | null | undefined, rows: number): number | null {
  if (paddingIdx === undefined || paddingIdx === null) return null
  if (!Number.isInteger(paddingIdx) || paddingIdx < -rows || paddingIdx >= rows) {
    throw new ArgumentError(`embedding: paddingIdx must be one of the ${rows} rows, got ${String(paddingIdx)}`)
  }
  return paddingIdx < 0 ? paddingIdx + rows : paddingIdx
}

function requireRows(tokens: Tensor, rows: number): void {
  if (!readable(tokens)) return
  for (const t of toDense(tokens)) {
    if (t < 0 || t >= rows)
      throw new IndexError(`embedding: token ${t} is not one of the ${rows} rows 0 to ${rows - 1}`)
  }
}
