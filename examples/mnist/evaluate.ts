/** Testing: the confusion matrix, the mean loss and the mistakes that the network was surest of. */
import { noGrad, softmax } from 'chainrule'
import { DataLoader, type ImageDataset } from 'chainrule/data'
import * as nn from 'chainrule/nn'
import type { Mistake, TestReport } from './report.ts'

const CHUNK = 1000
const SHOWN = 24

/** Share of right answers. */
export function accuracy(model: nn.Sequential, data: ImageDataset): number {
  let right = 0
  forEachChunk(model, data, (logits, labels) => {
    right += logits.argmax(-1).eq(labels).sum().item()
  })
  return right / data.length
}

type Visit = (
  logits: ReturnType<nn.Sequential['forward']>,
  labels: ReturnType<nn.Sequential['forward']>,
  start: number,
) => void

function forEachChunk(model: nn.Sequential, data: ImageDataset, visit: Visit): void {
  model.eval()
  noGrad(() => {
    let start = 0
    for (const [images, labels] of new DataLoader(data, { batchSize: CHUNK })) {
      visit(model.forward(images), labels, start)
      start += labels.size
    }
  })
  model.train()
}

export function test(model: nn.Sequential, data: ImageDataset): TestReport {
  const confusion = Array.from({ length: 10 }, () => new Array<number>(10).fill(0))
  const mistakes: Mistake[] = []
  let loss = 0
  forEachChunk(model, data, (logits, labels, start) => {
    const probabilities = softmax(logits, -1).toArray() as number[][]
    const answers = logits.argmax(-1).data
    loss += nn.crossEntropy(logits, labels, { reduction: 'sum' }).item()
    labels.data.forEach((label, i) => {
      const predicted = answers[i]
      confusion[label][predicted]++
      if (predicted === label) return
      const [probability, labelProbability] = [probabilities[i][predicted], probabilities[i][label]]
      mistakes.push({
        index: start + i,
        label,
        predicted,
        probability,
        labelProbability,
        pixels: pixelsOf(data, start + i),
      })
    })
  })
  mistakes.sort((a, b) => b.probability - a.probability)
  return { confusion, loss: loss / data.length, mistakes: mistakes.slice(0, SHOWN) }
}

const pixelsOf = ({ pixels, height, width }: ImageDataset, i: number) =>
  pixels.subarray(i * height * width, (i + 1) * height * width)
