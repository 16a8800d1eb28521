/**
 * The training loop: batches in random order, Adam, a learning rate that rises and falls. A step (forward, backward and
 * the update) is compiled, once for full batches and once for a smaller last one. The loop gives way to the event
 * loop ten times a second, so that Ctrl-C is heard, stops after the step at work when it is asked to, and after the
 * first loss that is no finite number: nothing can be learned from there on.
 */
import { compile, type Tensor } from 'chainrule'
import { DataLoader, type ImageDataset } from 'chainrule/data'
import * as nn from 'chainrule/nn'
import * as optim from 'chainrule/optim'
import type { Breath } from './breath.ts'
import { accuracy, type Tested } from './evaluate.ts'
import type { Options } from './options.ts'
import { formatTime, type ProgressReporter } from './progress.ts'
import type { EpochReport } from './report.ts'
import { makeSchedule } from './schedule.ts'

export interface Trained {
  /** Loss of every step. */
  readonly loss: number[]
  readonly epochs: EpochReport[]
  /** In words. */
  readonly schedule: string
  /** Whether the last loss is not finite. */
  readonly diverged: boolean
}

export interface Training {
  readonly network: Tested
  readonly data: ImageDataset
  readonly held: ImageDataset
  readonly options: Options
  readonly progress: ProgressReporter
  readonly signal: AbortSignal
  readonly breath: Breath
}

export async function train(training: Training): Promise<Trained> {
  const { network, data, options, signal } = training
  const loader = new DataLoader(data, { batchSize: options.batch, shuffle: true, seed: options.seed })
  const adam = new optim.Adam(network.model.parameters(), { lr: options.lr })
  const schedule = makeSchedule(adam, options.lr, options.epochs * loader.length)
  const step = stepOf(network.model, adam, options.eager)
  const loss: number[] = []
  const epochs: EpochReport[] = []
  const state = (diverged: boolean): Trained => ({ loss, epochs, schedule: schedule.description, diverged })
  while (epochs.length < options.epochs) {
    const [start, first] = [performance.now(), loss.length]
    let done = 0
    for (const [images, labels] of loader) {
      if (signal.aborted) return state(false)
      loss.push(step(images, labels).item())
      if (!Number.isFinite(loss.at(-1))) return state(true)
      schedule.step()
      done += labels.size
      showProgress(training, epochs.length + 1, done, loss.at(-1)!)
      await training.breath.take()
    }
    epochs.push(await finishEpoch(training, loss, first, start, epochs.length + 1))
  }
  return state(false)
}

/** Learns from a batch and returns its loss. */
function stepOf(model: nn.Sequential, optimizer: optim.Optimizer, eager: boolean) {
  const step = (images: Tensor, labels: Tensor): Tensor => {
    const loss = nn.crossEntropy(model.forward(images), labels)
    optimizer.zeroGrad()
    loss.backward()
    optimizer.step()
    return loss
  }
  return eager ? step : compile(step)
}

function showProgress({ progress, options, data }: Training, epoch: number, done: number, loss: number): void {
  progress.update({ epoch, epochs: options.epochs, done, total: data.length, loss })
}

/** Measures and tells what the epoch that began with the step `first` has brought. */
async function finishEpoch(
  { network, held, breath, progress, options }: Training,
  losses: readonly number[],
  first: number,
  start: number,
  epoch: number,
): Promise<EpochReport> {
  const seconds = (performance.now() - start) / 1000
  const loss = losses.slice(first).reduce((a, b) => a + b, 0) / (losses.length - first)
  const share = await accuracy(network, held, breath)
  const result = `loss ${loss.toFixed(6)}, test accuracy ${(100 * share).toFixed(2)} %, ${formatTime(seconds)}`
  progress.print(`epoch ${epoch}/${options.epochs}: ${result}`)
  return { steps: losses.length, loss, accuracy: share, seconds }
}
