/**
 * What an optimizer is to change: a leaf tensor that says so by its class. A module finds its parameters among its own
 * properties by it, frozen or not.
 */
import { ArgumentError, checkOptions, GradError } from '../errors/index.ts'
import { requireFloating } from '../ops/dtype.ts'
import { Tensor } from '../tensor/index.ts'

/**
 * A tensor that is a parameter of the module it is a property of. It shares its elements with `data` and has no history.
 * @throws DTypeError for integers, which have no gradient.
 * @example new nn.Parameter(tensor([1, 2])).requiresGrad // true
 */
export class Parameter extends Tensor {
  constructor(data: Tensor, options: { readonly requiresGrad?: boolean } = {}) {
    checkOptions('Parameter', options, ['requiresGrad'])
    if (!(data instanceof Tensor))
      throw new ArgumentError(`Parameter: takes a tensor, got ${data === null ? 'null' : typeof data}`)
    if (data.box)
      throw new GradError('Parameter: a tensor inside of grad, jvp or vmap cannot become a parameter; make it outside')
    requireFloating('Parameter', data.dtype)
    super(data.storage, data.shape, data.strides, data.offset, data.dtype)
    this.name = data.name
    this.requiresGrad = options.requiresGrad ?? true
  }
}

/** Leaves that require a gradient are parameters as well: `this.w = randn([3], { requiresGrad: true })`. */
export const isParameter = (x: unknown): x is Tensor =>
  x instanceof Parameter || (x instanceof Tensor && x.requiresGrad && x.isLeaf)
