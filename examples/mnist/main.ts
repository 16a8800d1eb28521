/**
 * The main job: train a network on real handwritten digits, test it on others, show the work. See `options.ts` for what
 * can be set; what is written goes to runs/<name>/.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { ArgumentError, blasStatus, ChainruleError, Generator, manualSeed } from 'chainrule'
import { ImageDataset, mnist } from 'chainrule/data'
import type { Sequential } from 'chainrule/nn'
import { test } from './evaluate.ts'
import { checkNetwork, gradientNorms } from './inspect.ts'
import { describeModel, makeModel } from './model.ts'
import { HELP, type Options, readOptions } from './options.ts'
import { formatTime, ProgressReporter } from './progress.ts'
import { type GradientCheckReport, type GradientNorm, type RunReport, renderReport, type TestReport } from './report.ts'
import { train } from './train.ts'
import { toSafetensors } from './weights.ts'

const INSPECTED = 256
const CHECKED = 8

const say = (line = '') => console.log(line)

function machine(): string {
  const blas = blasStatus()
  const native = 'name' in blas ? `${blas.name}${blas.core ? ` (${blas.core})` : ''}` : 'no BLAS'
  return `Node ${process.versions.node}, ${native}, ${availableParallelism()} cores`
}

/** The first n items. */
const first = (d: ImageDataset, n: number) =>
  new ImageDataset(d.pixels.subarray(0, n * d.height * d.width), d.classes.subarray(0, n), d.height, d.width)

/** Ctrl-C asks for an end; asked again, it is one. */
function listen(): AbortController {
  const stop = new AbortController()
  process.on('SIGINT', () => {
    if (stop.signal.aborted) process.exit(130)
    stop.abort()
    console.error('\nstopping: testing what there is (Ctrl-C again stops at once)')
  })
  return stop
}

async function run(options: Options): Promise<void> {
  const started = performance.now()
  const stop = listen()
  const digits = mnist()
  manualSeed(options.seed)
  const model = makeModel(options.model)
  const parameters = model.parameters().reduce((n, p) => n + p.size, 0)
  introduce(options, parameters)
  const progress = new ProgressReporter(process.stderr)
  const data = first(digits.train, options.limit)
  const training = { model, data, held: digits.test, options, progress, signal: stop.signal }
  const trained = await train(training).finally(() => progress.stop())
  const result = test(model, digits.test)
  const seconds = (performance.now() - started) / 1000
  conclude(result, seconds, stop.signal.aborted)
  const folder = folderOf(options)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'model.safetensors'), toSafetensors(model.stateDict()))
  const work = showWork(model, digits.test, options)
  const report: RunReport = {
    model: describeModel[options.model],
    command: commandOf(options),
    seed: options.seed,
    parameters,
    seconds,
    machine: machine(),
    loss: trained.loss,
    plannedEpochs: options.epochs,
    epochs: trained.epochs,
    accuracyOn: 'test',
    test: result,
    gradientNormsStep: trained.loss.length,
    ...work,
  }
  writeFileSync(join(folder, 'report.html'), renderReport(report))
  say(`\nwritten: ${join(folder, 'report.html')}, ${join(folder, 'model.safetensors')}`)
  if (stop.signal.aborted) process.exitCode = 130
  else if (!work.gradientCheck.rows.every((row) => row.ok)) process.exitCode = 1
}

function introduce({ model }: Options, parameters: number): void {
  say(`${describeModel[model]}, ${parameters.toLocaleString('en')} parameters; ${machine()}`)
  const blas = blasStatus()
  if ('missing' in blas) say(blas.missing)
}

function conclude({ confusion }: TestReport, seconds: number, early: boolean): void {
  const right = confusion.reduce((n, row, k) => n + row[k], 0)
  const all = confusion.flat().reduce((n, k) => n + k, 0)
  const when = `after ${formatTime(seconds)}${early ? ' (stopped early)' : ''}`
  say(`test accuracy ${((100 * right) / all).toFixed(2)} % ${when}`)
}

function folderOf({ name, model }: Options): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(/[:T]/g, '-')
  return join('runs', name ?? `mnist-${model}-${time}`)
}

/** Leaves the model in float64. */
function showWork(model: Sequential, data: ImageDataset, { seed }: Options) {
  const [images, labels] = data.batch(Int32Array.from({ length: INSPECTED }, (_, i) => i))
  const norms = gradientNorms(model, images, labels)
  showNorms(norms)
  const [few, their] = [images.narrow(0, 0, CHECKED), labels.narrow(0, 0, CHECKED)]
  const gradientCheck = checkNetwork(model, few, their, new Generator(seed))
  showCheck(gradientCheck)
  return { gradientNorms: norms, gradientCheck }
}

function commandOf({ model, epochs, batch, lr, seed, limit }: Options): string {
  return `npm start -- --model ${model} --epochs ${epochs} --batch ${batch} --lr ${lr} --seed ${seed} --limit ${limit}`
}

function showNorms(norms: readonly GradientNorm[]): void {
  say('\ngradient norms, output to input')
  for (const { name, norm } of norms) say(`  ${name.padEnd(12)} ${norm.toExponential(2)}`)
}

function showCheck({ rows, tolerance, absolute }: GradientCheckReport): void {
  say(`\ngradient check against central differences in float64 (to ${tolerance} of the value, or ${absolute})`)
  for (const { name, checked, entries, worst, analytic, numeric, ok } of rows) {
    const place = `worst at [${worst.join(', ')}]: ${analytic.toPrecision(8)} against ${numeric.toPrecision(8)}`
    say(
      `  ${name.padEnd(12)} ${String(checked).padStart(3)} of ${String(entries).padEnd(7)} ${ok ? 'right' : 'WRONG'}  ${place}`,
    )
  }
}

try {
  const options = readOptions(process.argv.slice(2))
  if (options) await run(options)
  else say(HELP)
} catch (error) {
  if (!(error instanceof ChainruleError)) throw error
  console.error(error.message)
  process.exitCode = error instanceof ArgumentError ? 2 : 1
}
