/**
 * Makes a screenshot small: an interface has few colours, so that one byte per pixel, the place of its colour in a
 * palette, loses next to nothing.
 * The format is that of the PNG specification (https://www.w3.org/TR/png-3/): chunks, filters, deflate.
 */
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const MOST_COLOURS = 256
const CHANNELS = { 2: 3, 6: 4 }

/** The same picture with at most 256 colours, of a PNG with 8 bits per channel, without interlacing. */
export function smallPng(png) {
  const { width, height, channels, data } = read(png)
  const pixels = unfiltered(data, width, height, channels)
  const { palette, placeOf } = paletteOf(pixels)
  const rows = Buffer.alloc(height * (width + 1))
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = placeOf(pixels[y * width + x])
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 3], 8)
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', head),
    chunk('PLTE', Buffer.from(palette.flatMap((colour) => parts(colour)))),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const parts = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]

function chunk(type, content) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const framed = Buffer.alloc(named.length + 8)
  framed.writeUInt32BE(content.length, 0)
  named.copy(framed, 4)
  framed.writeUInt32BE(crc32(named), named.length + 4)
  return framed
}

function read(png) {
  const compressed = []
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      compressed.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)))
  }
  const channels = CHANNELS[png[25]]
  if (png[24] !== 8 || channels === undefined || png[28] !== 0) throw new Error('smallPng: not a screenshot')
  return {
    width: png.readUInt32BE(16),
    height: png.readUInt32BE(20),
    channels,
    data: inflateSync(Buffer.concat(compressed)),
  }
}

/** The colours of all pixels as numbers: each row is stored as differences from its neighbours. */
function unfiltered(data, width, height, channels) {
  const stride = width * channels
  const pixels = new Uint32Array(width * height)
  let above = new Uint8Array(stride)
  for (let y = 0; y < height; y++) {
    const filter = data[y * (stride + 1)]
    const row = new Uint8Array(data.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)))
    for (let i = 0; i < stride; i++) {
      const [left, corner] = i < channels ? [0, 0] : [row[i - channels], above[i - channels]]
      row[i] += predicted(filter, left, above[i], corner)
    }
    for (let x = 0; x < width; x++) {
      const at = x * channels
      pixels[y * width + x] = (row[at] << 16) | (row[at + 1] << 8) | row[at + 2]
    }
    above = row
  }
  return pixels
}

/** What a filter of the specification expects of a byte. */
function predicted(filter, left, above, corner) {
  if (filter === 0) return 0
  if (filter === 1) return left
  if (filter === 2) return above
  if (filter === 3) return (left + above) >> 1
  const [a, b, c] = [Math.abs(above - corner), Math.abs(left - corner), Math.abs(left + above - 2 * corner)]
  return a <= b && a <= c ? left : b <= c ? above : corner
}

/**
 * One colour after the other, each the one that is missed most: by how many pixels it has, and how far it is from the
 * nearest that is there.
 */
function paletteOf(pixels) {
  const counts = new Map()
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1)
  const colours = [...counts].map(([colour, count]) => ({ colour, count, place: 0, far: Infinity }))
  const palette = []
  while (palette.length < MOST_COLOURS) {
    const next = colours.reduce((a, b) => (b.count * b.far > a.count * a.far ? b : a))
    if (next.far === 0) break
    for (const each of colours) {
      const far = distance(each.colour, next.colour)
      if (far < each.far) Object.assign(each, { far, place: palette.length })
    }
    palette.push(next.colour)
  }
  const places = new Map(colours.map(({ colour, place }) => [colour, place]))
  return { palette, placeOf: (colour) => places.get(colour) }
}

function distance(a, b) {
  const [red, green, blue] = [(a >> 16) - (b >> 16), ((a >> 8) & 255) - ((b >> 8) & 255), (a & 255) - (b & 255)]
  return red * red + green * green + blue * blue
}
