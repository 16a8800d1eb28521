/** Testing: the confusion matrix, the mean loss and the mistakes that the network was surest of. */
import { compile, noGrad, softmax, type Tensor } from 'chainrule'
import { DataLoader, type ImageDataset } from 'chainrule/data'
import * as nn from 'chainrule/nn'
import type { Breath } from './breath.ts'
import type { Mistake, TestReport } from './report.ts'

const CHUNK = 500
const SHOWN = 24

/** A network as it is when it is not trained. */
export interface Tested {
  readonly model: nn.Sequential
  /** From pictures to logits. */
  readonly forward: (images: Tensor) => Tensor
}

export function forTests(model: nn.Sequential, eager: boolean): Tested {
  const forward = (images: Tensor) => model.forward(images)
  return { model, forward: eager ? forward : compile(forward) }
}

/** Share of right answers. */
export async function accuracy(network: Tested, data: ImageDataset, breath: Breath): Promise<number> {
  let right = 0
  await forEachChunk(network, data, breath, (logits, labels) => {
    right += logits.argmax(-1).eq(labels).sum().item()
  })
  return right / data.length
}

type Visit = (logits: Tensor, labels: Tensor, start: number) => void

async function forEachChunk(
  { model, forward }: Tested,
  data: ImageDataset,
  breath: Breath,
  visit: Visit,
): Promise<void> {
  model.eval()
  let start = 0
  for (const [images, labels] of new DataLoader(data, { batchSize: CHUNK })) {
    noGrad(() => visit(forward(images), labels, start))
    start += labels.size
    await breath.take()
  }
  model.train()
}

export async function test(network: Tested, data: ImageDataset, breath: Breath): Promise<TestReport> {
  const confusion = Array.from({ length: 10 }, () => new Array<number>(10).fill(0))
  const mistakes: Mistake[] = []
  let loss = 0
  await forEachChunk(network, data, breath, (logits, labels, start) => {
    const probabilities = softmax(logits, -1).toArray() as number[][]
    const answers = logits.argmax(-1).data
    loss += nn.crossEntropy(logits, labels, { reduction: 'sum' }).item()
    labels.data.forEach((label, i) => {
      const predicted = answers[i]
      confusion[label][predicted]++
      const [probability, labelProbability] = [probabilities[i][predicted], probabilities[i][label]]
      // NaN is an answer that nobody can be sure of
      if (predicted === label || Number.isNaN(probability)) return
      const index = start + i
      mistakes.push({ index, label, predicted, probability, labelProbability, pixels: pixelsOf(data, index) })
    })
  })
  mistakes.sort((a, b) => b.probability - a.probability)
  return { confusion, loss: loss / data.length, mistakes: mistakes.slice(0, SHOWN) }
}

const pixelsOf = ({ pixels, height, width }: ImageDataset, i: number) =>
  pixels.subarray(i * height * width, (i + 1) * height * width)
