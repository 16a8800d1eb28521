/**
 * Einstein summation. Each operand is first brought into the form in which it names every index once (diagonals) and
 * none of size 1 that is larger elsewhere (those broadcast by not standing there); then operands are contracted two at
 * a time, the pair first whose product is the smallest against what it replaces.
 */
import { ArgumentError } from '../../errors/index.ts'
import { einsum as product } from '../../ops/contract/index.ts'
import { sum } from '../../ops/reduce/sum.ts'
import { sizeOf } from '../../ops/shape.ts'
import { diagonal, permute, reshape } from '../../ops/view/index.ts'
import { composite, type Tensor } from '../../tensor/index.ts'
import { requireTensor } from '../shape/operand.ts'
import { readSpec } from './einsum-spec.ts'

interface Term {
  readonly x: Tensor
  readonly letters: string
}

type Sizes = ReadonlyMap<string, number>

/**
 * The sum of products that an index string describes: `ij,jk->ik` is a matrix product. An index that the result does
 * not name is summed over, one that stands twice in an operand takes its diagonal, '...' stands for any dimensions,
 * which broadcast. Without '->' the result has the indices that stand once, in alphabetical order.
 * @throws ArgumentError where the string cannot be read, ShapeError where operands do not fit it.
 * @example einsum('ij,j->i', tensor([[1, 2], [3, 4]]), tensor([1, 1])) // [3, 7]
 */
export const einsum = composite('einsum', (spec: string, ...operands: Tensor[]): Tensor => {
  if (operands.length === 0) throw new ArgumentError('einsum: needs at least one operand')
  for (const [i, x] of operands.entries()) requireTensor('einsum', x, `operand ${i}`)
  const {
    operands: letters,
    out,
    sizes,
  } = readSpec(
    spec,
    operands.map((x) => x.shape),
  )
  const terms = operands.map((x, i) => withoutOnes(withoutRepeats({ x, letters: letters[i] }), sizes))
  while (terms.length > 1) {
    const [i, j] = terms.length === 2 ? [0, 1] : cheapest(terms, out, sizes)
    const [b, a] = [terms.splice(j, 1)[0], terms.splice(i, 1)[0]]
    terms.splice(i, 0, contracted(a, b, terms.length === 0 ? out : remaining(a, b, terms, out)))
  }
  return arranged(terms[0], out)
})

/** An index that stands twice becomes the diagonal of its two dimensions, which is the last one. */
function withoutRepeats({ x, letters }: Term): Term {
  const second = Array.from(letters).findIndex((l, d) => letters.indexOf(l) < d)
  if (second < 0) return { x, letters }
  const letter = letters[second]
  const seen = diagonal(x, { dim1: letters.indexOf(letter), dim2: second })
  const rest = Array.from(letters).filter((_, d) => d !== second && d !== letters.indexOf(letter))
  return withoutRepeats({ x: seen, letters: rest.join('') + letter })
}

function withoutOnes({ x, letters }: Term, sizes: Sizes): Term {
  const kept = Array.from(letters).filter((l, d) => x.shape[d] === sizes.get(l))
  if (kept.length === letters.length) return { x, letters }
  return {
    x: reshape(
      x,
      kept.map((l) => sizes.get(l)!),
    ),
    letters: kept.join(''),
  }
}

/** The indices that others still need, in the order in which they stand. */
function remaining(a: Term, b: Term, others: readonly Term[], out: string): string {
  const needed = out + others.map((t) => t.letters).join('')
  return [...new Set(a.letters + b.letters)].filter((l) => needed.includes(l)).join('')
}

const contracted = (a: Term, b: Term, letters: string): Term => ({
  x: product(a.x, b.x, `${a.letters},${b.letters}->${letters}`),
  letters,
})

function cheapest(terms: readonly Term[], out: string, sizes: Sizes): [number, number] {
  const size = (letters: string) => sizeOf(Array.from(letters, (l) => sizes.get(l)!))
  let best: [number, number] = [0, 1]
  let least = Infinity
  for (let i = 0; i < terms.length; i++) {
    for (let j = i + 1; j < terms.length; j++) {
      const [a, b] = [terms[i], terms[j]]
      const others = terms.filter((_, k) => k !== i && k !== j)
      const cost = size(remaining(a, b, others, out)) - size(a.letters) - size(b.letters)
      if (cost < least) [least, best] = [cost, [i, j]]
    }
  }
  return best
}

/** A single operand: what the result does not name is summed over, the rest put in order. */
function arranged({ x, letters }: Term, out: string): Tensor {
  const gone = Array.from(letters, (l, d) => (out.includes(l) ? -1 : d)).filter((d) => d >= 0)
  const summed = gone.length > 0 ? sum(x, gone) : x
  const left = Array.from(letters).filter((l) => out.includes(l))
  return permute(
    summed,
    Array.from(out, (l) => left.indexOf(l)),
  )
}
