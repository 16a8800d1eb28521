/**
 * Real handwritten digits for the page: the first of MNIST's training and test digits, as one file that is made when the
 * page is built. Its name is what `virtual:digits` exports.
 */
import { deflateRawSync } from 'node:zlib'
import { type ImageDataset, mnist } from 'chainrule/data'
import type { Plugin } from 'vite'

/** Enough for a small network to learn from, and few enough to be sent. */
const COUNTS = { train: 3000, test: 1000 } as const

const NAME = 'virtual:digits'

/** Images of one byte per pixel, then one byte per class. */
function firstOf({ pixels, classes, height, width }: ImageDataset, count: number): readonly Uint8Array[] {
  return [pixels.subarray(0, count * height * width), classes.subarray(0, count)]
}

export function digits(): Plugin {
  return {
    name: 'digits',
    resolveId: (source) => (source === NAME ? `\0${NAME}` : null),
    load(id) {
      if (id !== `\0${NAME}`) return null
      const { train, test } = mnist()
      const parts = [...firstOf(train, COUNTS.train), ...firstOf(test, COUNTS.test)]
      const source = deflateRawSync(Buffer.concat(parts), { level: 9 })
      const file = this.emitFile({ type: 'asset', name: 'digits.bin', source })
      return `export const digits = { url: import.meta.ROLLUP_FILE_URL_${file}, train: ${COUNTS.train}, test: ${COUNTS.test} }`
    },
  }
}
