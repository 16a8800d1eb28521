/** How the gradient of a layer compares with that of the end of the network, which vanishing and exploding share. */
import type { Evidence, LayerEvidence } from '../evidence.ts'

export interface Compared {
  readonly layer: LayerEvidence
  /** The layer with parameters that comes last on the way to the loss; of several, the one with the largest gradient. */
  readonly end: LayerEvidence
  /** ‖∂L/∂y‖ of the layer over that of the end. */
  readonly ratio: number
  /** How many layers with parameters lie between. */
  readonly between: number
}

/** Every layer with parameters whose gradient can be compared. */
export function compareWithEnd({ layers }: Evidence): Compared[] {
  const norm = ({ gradient }: LayerEvidence): number => gradient?.norm ?? 0
  const trained = (i: number) => layers[i].parameters.length > 0
  const isLast = layers.map((layer, i) => trained(i) && !layer.into().some(trained))
  return layers.flatMap((layer) => {
    if (layer.parameters.length === 0 || !layer.gradient) return []
    const after = layer.into().filter(trained)
    const ends = after.filter((i) => isLast[i] && norm(layers[i]) > 0).map((i) => layers[i])
    if (ends.length === 0) return []
    const end = ends.reduce((a, b) => (norm(b) > norm(a) ? b : a))
    const between = after.filter((i) => !isLast[i]).length
    return [{ layer, end, ratio: norm(layer) / norm(end), between }]
  })
}

/** The activations that a gradient passes on its way from the end of the network to a layer. */
export const gatesBetween = ({ layers }: Evidence, { layer }: Compared): LayerEvidence[] =>
  [layer, ...layer.into().map((i) => layers[i])].filter(({ gates, final }) => gates && !final)
