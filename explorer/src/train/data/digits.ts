/** Handwritten digits from the file that the build makes: images of one byte per pixel, then classes, deflated. */
import { tensor } from 'chainrule'
import type { Part, Samples } from './samples.ts'

/** An image is as many pixels high as wide. */
export const SIDE = 28
const PIXELS = SIDE * SIDE

export interface DigitsFile {
  readonly url: string
  readonly train: number
  readonly test: number
}

/** @throws Error that says what was asked for, where the file is not there or not whole. */
export async function loadDigits(file: DigitsFile): Promise<Samples> {
  const bytes = await inflated(file.url)
  const wanted = (file.train + file.test) * (PIXELS + 1)
  if (bytes.length !== wanted)
    throw new Error(`The digits are damaged: ${bytes.length} bytes instead of ${wanted}. Reload the page.`)
  return readDigits(bytes, file)
}

async function inflated(url: string): Promise<Uint8Array> {
  try {
    const response = await fetch(url)
    if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`)
    const stream = response.body.pipeThrough(new DecompressionStream('deflate-raw'))
    return new Uint8Array(await new Response(stream).arrayBuffer())
  } catch (error) {
    throw new Error(`The digits could not be loaded: ${(error as Error).message}. Choose another data set, or reload.`)
  }
}

export function readDigits(bytes: Uint8Array, { train, test }: Omit<DigitsFile, 'url'>): Samples {
  const half = train * (PIXELS + 1)
  return {
    features: PIXELS,
    classes: 10,
    train: partOf(bytes.subarray(0, half), train),
    heldOut: partOf(bytes.subarray(half), test),
  }
}

/** Pixels from 0 to 1. */
function partOf(bytes: Uint8Array, count: number): Part {
  const x = Float32Array.from(bytes.subarray(0, count * PIXELS), (pixel) => pixel / 255)
  const y = Int32Array.from(bytes.subarray(count * PIXELS))
  return { x: tensor(x, { name: 'x' }).reshape([count, PIXELS]), y: tensor(y, { dtype: 'int32', name: 'y' }) }
}
