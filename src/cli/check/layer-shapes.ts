/** Which input a module may take: its layers know the sizes of theirs, and one of them comes first. */
import * as nn from '../../nn/index.ts'
import type { Shaped, Shapes } from './shapes.ts'

/** More than 2: of two samples a batch norm makes ±1, whatever they are. */
const BATCH = 3
const LENGTH = 2
/** Sides of pictures: a small one if any will do, or what a linear layer behind the convolutions was made for. */
const SIDES = [4, 5, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 48, 64]

const pictures = (channels: number): Shaped[] => SIDES.map((side) => ({ shape: [1, channels, side, side] }))
const sequences = (channels: number): Shaped[] => SIDES.map((length) => ({ shape: [LENGTH, channels, length] }))

function inputsOfLayer(layer: nn.Module): Shaped[] {
  if (layer instanceof nn.Linear) return [{ shape: [BATCH, layer.inFeatures] }, { shape: [layer.inFeatures] }]
  if (layer instanceof nn.Embedding) return [{ shape: [LENGTH, BATCH], below: layer.numEmbeddings }]
  if (layer instanceof nn.Conv2d || layer instanceof nn.ConvTranspose2d) return pictures(layer.inChannels)
  if (layer instanceof nn.Conv1d) return sequences(layer.inChannels)
  if (layer instanceof nn.LayerNorm || layer instanceof nn.RMSNorm)
    return [{ shape: [BATCH, ...layer.normalizedShape] }]
  if (layer instanceof nn.GroupNorm)
    return [{ shape: [LENGTH, layer.numChannels, BATCH] }, ...pictures(layer.numChannels)]
  if (layer instanceof nn.BatchNorm1d) return [{ shape: [BATCH, layer.numFeatures] }]
  if (layer instanceof nn.BatchNorm2d) return [{ shape: [BATCH, layer.numFeatures, 4, 4] }]
  if (layer instanceof nn.RNN || layer instanceof nn.GRU || layer instanceof nn.LSTM)
    return [{ shape: [LENGTH, BATCH, layer.inputSize] }]
  if (layer instanceof nn.MultiheadAttention) return [{ shape: [LENGTH, BATCH, layer.embedDim] }]
  return []
}

/** What a module whose forward takes so many tensors is tried with, before what any function is. */
export function layerShapes(module: nn.Module, count: number): Shapes[] {
  const found = module.modules().flatMap(inputsOfLayer)
  const distinct = [...new Map(found.map((shaped) => [JSON.stringify(shaped), shaped])).values()]
  const alike = distinct.map((shaped) => Array.from({ length: count }, () => shaped))
  if (count !== 2) return alike
  const pairs = distinct.flatMap((a) => distinct.filter((b) => b !== a).map((b) => [a, b]))
  return [...alike, ...pairs.slice(0, MOST_PAIRS)]
}

const MOST_PAIRS = 200
