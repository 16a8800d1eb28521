/**
 * The training loop: batches in random order, Adam under a one-cycle learning rate. The loop gives way to the event loop
 * ten times a second, so that Ctrl-C is heard, and stops after the step at work when it is asked to.
 */
import { DataLoader, type ImageDataset } from 'chainrule/data'
import * as nn from 'chainrule/nn'
import * as optim from 'chainrule/optim'
import { accuracy } from './evaluate.ts'
import type { Options } from './options.ts'
import { formatTime, type ProgressReporter } from './progress.ts'
import type { EpochReport } from './report.ts'

export interface Trained {
  /** Loss of every step. */
  readonly loss: number[]
  readonly epochs: EpochReport[]
}

export interface Training {
  readonly model: nn.Sequential
  readonly data: ImageDataset
  readonly held: ImageDataset
  readonly options: Options
  readonly progress: ProgressReporter
  readonly signal: AbortSignal
}

export async function train({ model, data, held, options, progress, signal }: Training): Promise<Trained> {
  const loader = new DataLoader(data, { batchSize: options.batch, shuffle: true, seed: options.seed })
  const adam = new optim.Adam(model.parameters(), { lr: options.lr })
  const schedule = new optim.OneCycleLR(adam, {
    maxLr: options.lr,
    totalSteps: options.epochs * loader.length,
    cycleMomentum: false,
  })
  const loss: number[] = []
  const epochs: EpochReport[] = []
  for (let epoch = 1; epoch <= options.epochs && !signal.aborted; epoch++) {
    const [start, first] = [performance.now(), loss.length]
    let done = 0
    let breath = start
    for (const [images, labels] of loader) {
      const value = nn.crossEntropy(model.forward(images), labels)
      adam.zeroGrad()
      value.backward()
      adam.step()
      schedule.step()
      loss.push(value.item())
      done += labels.size
      progress.update({ epoch, epochs: options.epochs, done, total: data.length, loss: loss.at(-1)! })
      if (performance.now() - breath > 100) {
        await new Promise((resolve) => setImmediate(resolve))
        breath = performance.now()
        if (signal.aborted) return { loss, epochs }
      }
    }
    const steps = loss.slice(first)
    const seconds = (performance.now() - start) / 1000
    const report = {
      steps: loss.length,
      loss: steps.reduce((a, b) => a + b, 0) / steps.length,
      accuracy: accuracy(model, held),
      seconds,
    }
    epochs.push(report)
    progress.print(
      `epoch ${epoch}/${options.epochs}: loss ${report.loss.toFixed(6)}, test accuracy ${(100 * report.accuracy).toFixed(2)} %, ${formatTime(seconds)}`,
    )
  }
  return { loss, epochs }
}
