/** Contractions: the reference follows from the index string. */
import * as c from '../../../src/ops/contract/index.ts'
import { type ContractOp, contraction } from '../../../src/ops/kinds/contract.ts'
import { table, total } from '../reference.ts'
import { type Sample, sample } from './sample.ts'

/** A contraction by its index string: every result is a sum over the letters that it lacks. */
function contracts(op: ContractOp, indices: string, sizes: Record<string, number>): Sample {
  const [a, b, out] = indices.split(/,|->/)
  const summed = [...new Set(a + b)].filter((l) => !out.includes(l))
  const shape = (letters: string) => [...letters].map((l) => sizes[l])
  return sample(
    [shape(a), shape(b)],
    (x, y) => op(x, y, indices),
    (x, y) =>
      table(shape(out), (...o) =>
        total(
          summed.map((l) => sizes[l]),
          (...s) => {
            const at = (letters: string) =>
              [...letters].map((l) => (out.includes(l) ? o[out.indexOf(l)] : s[summed.indexOf(l)]))
            return x(...at(a)) * y(...at(b))
          },
        ),
      ),
  )
}

export const contractions: Record<string, Sample[]> = {
  matmul: [
    contracts(c.matmul, 'ij,jk->ik', { i: 3, j: 4, k: 2 }),
    contracts(c.matmul, 'bij,jk->bik', { b: 2, i: 5, j: 9, k: 6 }),
  ],
  bmm: [contracts(c.bmm, 'bij,bjk->bik', { b: 3, i: 2, j: 3, k: 4 })],
  dot: [contracts(c.dot, 'i,i->', { i: 5 }), contracts(c.dot, 'i,i->', { i: 0 })],
  outer: [contracts(c.outer, 'i,j->ij', { i: 2, j: 3 })],
  linear: [contracts(c.linear, 'ni,oi->no', { n: 3, i: 4, o: 2 })],
  avgPool2d: [contracts(c.avgPool2d, 'nchwyx,yx->nchw', { n: 1, c: 2, h: 2, w: 2, y: 2, x: 1 })],
  conv1d: [contracts(c.conv1d, 'nclx,ocx->nol', { n: 2, c: 2, l: 3, x: 2, o: 3 })],
  conv2d: [contracts(c.conv2d, 'nchwyx,ocyx->nohw', { n: 2, c: 2, h: 2, w: 1, y: 2, x: 2, o: 2 })],
  convTranspose2d: [contracts(c.convTranspose2d, 'nchw,coyx->nohwyx', { n: 1, c: 2, h: 2, w: 2, o: 2, y: 2, x: 1 })],
  einsum: [
    contracts(c.einsum, 'ij,ij->ij', { i: 2, j: 3 }),
    contracts(c.einsum, 'ijk,kl->li', { i: 2, j: 3, k: 2, l: 3 }),
    contracts(c.einsum, 'ij,k->k', { i: 2, j: 3, k: 4 }),
    contracts(c.einsum, ',i->i', { i: 3 }),
  ],
  contraction: [contracts(contraction, 'aib,bja->ji', { a: 2, b: 3, i: 2, j: 4 })],
}
