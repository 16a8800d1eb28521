/** Many results as one number, so that a wrong gradient among very many can be found without the whole Jacobian. */
import { flatten } from '../../autodiff/tree.ts'
import { isFloating } from '../../ops/dtype.ts'
import { add, mul } from '../../ops/elementwise/index.ts'
import { sum } from '../../ops/reduce/sum.ts'
import { Generator, rand, type Tensor } from '../../tensor/index.ts'

/** The sum of all results by random weights from 1 to 2, which are the same at each call: none can hide. */
export function combined(f: () => unknown, seed: number): () => Tensor {
  return () => {
    const generator = new Generator(seed)
    return flatten(f())
      .leaves.filter((y) => isFloating(y.dtype))
      .map((y) => sum(mul(y, add(rand([...y.shape], { dtype: y.dtype, generator }), 1))))
      .reduce((total, part) => add(total, part))
  }
}
