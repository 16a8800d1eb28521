/** Products: of matrices, over indices, and over windows. */
export { adaptiveAvgPool2d } from './adaptive.ts'
export { type ConvOptions, conv1d, conv2d } from './convolution.ts'
export { einsum } from './einsum.ts'
export { linear } from './linear.ts'
export { bmm, dot, matmul, outer } from './matmul.ts'
export type { PerDimension } from './options.ts'
export { type AvgPoolOptions, avgPool2d, type MaxPoolOptions, maxPool2d } from './pooling.ts'
export { type ConvTransposeOptions, convTranspose2d } from './transposed.ts'
