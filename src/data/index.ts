/** Data for training. Read in this order: `dataset.ts`, `collate.ts`, `data-loader.ts`; then `idx.ts` and `mnist.ts`. */
import '../functional/fluent.ts'

export { type Collated, collate } from './collate.ts'
export { DataLoader, type DataLoaderOptions } from './data-loader.ts'
export { type BatchedDataset, type Dataset, ImageDataset, ListDataset, TensorDataset } from './dataset.ts'
export { type Idx, type IdxOptions, parseIdx } from './idx.ts'
export { type Mnist, type MnistOptions, mnist, type Split } from './mnist.ts'
