/**
 * Grey pictures as PNG data URIs, so that a page can carry them itself. A PNG is a signature and three chunks: the
 * header, the rows of pixels (each behind a filter byte, all deflated) and the end.
 */
import { crc32, deflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Length, name, content, and the checksum of name and content. */
function chunk(name: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), content])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(content.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc32(body), out.length - 4)
  return out
}

/** Encodes rows of pixels from 0 (black) to 255 (white). */
export function encodePng(pixels: ArrayLike<number>, width: number, height: number): Buffer {
  if (!(width > 0 && height > 0) || pixels.length !== width * height) {
    throw new RangeError(`encodePng: ${pixels.length} pixels do not make a picture of ${width} × ${height}`)
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 0, 0, 0, 0], 8) // 8 bits, grey; the usual compression and filters; not interlaced
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const grey = pixels[y * width + x]
      rows[y * (width + 1) + 1 + x] = Math.round(Math.min(Math.max(grey, 0), 255))
    }
  }
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

export function pngDataUri(pixels: ArrayLike<number>, width: number, height: number): string {
  return `data:image/png;base64,${encodePng(pixels, width, height).toString('base64')}`
}
