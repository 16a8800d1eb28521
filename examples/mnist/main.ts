/**
 * The main job: train a network on real handwritten digits, test it on others, show the work. See `options.ts` for what
 * can be set; what is written goes to runs/<name>/. Results go to stdout, the moving progress line to stderr.
 */
import { basename } from 'node:path'
import { ArgumentError, blasStatus, ChainruleError, manualSeed, wasmStatus } from 'chainrule'
import { ImageDataset, mnist } from 'chainrule/data'
import { Breath } from './breath.ts'
import { forTests, test } from './evaluate.ts'
import { makeFolder, save } from './folder.ts'
import { check, measureNorms } from './inspect.ts'
import { describeModel, makeModel } from './model.ts'
import { HELP, type Options, readOptions } from './options.ts'
import { ProgressReporter } from './progress.ts'
import { type Ending, type GradientCheckReport, type RunReport, renderReport, type TestReport } from './report.ts'
import { explainDivergence, say, showCheck, showNorms, showResult } from './show.ts'
import { type Trained, train } from './train.ts'
import { toSafetensors } from './weights.ts'

/** What Ctrl-C has asked for, and what it interrupts. */
interface Stop {
  readonly signal: AbortSignal
  phase: 'training' | 'testing' | 'end'
}

/** Ctrl-C asks for an end; asked again, it is one. */
function listen(progress: ProgressReporter): Stop {
  const controller = new AbortController()
  const stop: Stop = { signal: controller.signal, phase: 'training' }
  process.on('SIGINT', () => {
    if (controller.signal.aborted) {
      progress.stop()
      process.exit(130)
    }
    controller.abort()
    const rest = stop.phase === 'training' ? 'testing what there is' : 'the report is still written'
    if (stop.phase !== 'end') progress.print(`stopping: ${rest} (Ctrl-C again stops at once)`)
  })
  return stop
}

async function run(options: Options): Promise<void> {
  const started = performance.now()
  const digits = mnist()
  const folder = chooseFolder(options)
  manualSeed(options.seed)
  const model = makeModel(options.model)
  const about = {
    model: describeModel[options.model],
    network: model.toString(),
    parameters: model.parameters().reduce((n, p) => n + p.size, 0),
  }
  introduce(about, options)
  const progress = new ProgressReporter(process.stderr, process.stdout)
  const stop = listen(progress)
  const breath = new Breath()
  const data = first(digits.train, options.limit)
  const network = forTests(model, options.eager)
  const training = { network, data, held: digits.test, options, progress, signal: stop.signal, breath }
  const trained = await train(training).finally(() => progress.stop())
  stop.phase = 'testing'
  const tested = await test(network, digits.test, breath)
  const ending = endingOf(trained, tested, options)
  if (ending.how === 'diverged') say(explainDivergence(ending, options.lr))
  const seconds = (performance.now() - started) / 1000
  showResult(tested, seconds, ending.how)
  const weights = save(folder, 'model.safetensors', toSafetensors(model.stateDict()))
  const gradientNorms = measureNorms(model, digits.test)
  showNorms(gradientNorms)
  await breath.take()
  const gradientCheck = await check(model, digits.test, options.seed, ending, breath)
  showCheck(gradientCheck)
  const results = { ending, test: tested, seconds, gradientNorms, gradientCheck }
  const report = renderReport(reportOf(options, about, trained, results))
  say(`\nwritten: ${save(folder, 'report.html', report)}, ${weights}`)
  stop.phase = 'end'
  await breath.pause()
  if (stop.signal.aborted) process.exitCode = 130
  else if (ending.how === 'diverged' || !isRight(gradientCheck)) process.exitCode = 1
}

/** The first n items. */
const first = (d: ImageDataset, n: number) =>
  new ImageDataset(d.pixels.subarray(0, n * d.height * d.width), d.classes.subarray(0, n), d.height, d.width)

function chooseFolder({ name, model }: Options): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(/[:T]/g, '-')
  const wanted = name ?? `mnist-${model}-${time}`
  const folder = makeFolder(wanted)
  if (basename(folder) !== wanted) say(`runs/${wanted} exists already: writing to ${folder}`)
  return folder
}

/** What computes. */
function machine({ eager }: Options): string {
  const [blas, wasm] = [blasStatus(), wasmStatus()]
  const native = 'name' in blas ? `${blas.name}${blas.core ? ` (${blas.core})` : ''}` : 'no BLAS'
  const threads = 'threads' in wasm && wasm.threads > 1 && !eager ? `, up to ${wasm.threads} threads` : ''
  const code = 'name' in wasm ? `${wasm.name}${threads}` : 'no WebAssembly'
  return `Node ${process.versions.node}, ${eager ? 'op by op' : 'compiled'}: ${native}, ${code}`
}

type Network = Pick<RunReport, 'model' | 'network' | 'parameters'>

function introduce({ model, parameters }: Network, options: Options): void {
  say(`${model}, ${parameters.toLocaleString('en')} parameters; ${machine(options)}`)
  for (const status of [blasStatus(), wasmStatus()]) if ('missing' in status) say(status.missing)
}

/** A network that the last step has ruined shows it only in the test. */
function endingOf({ loss, epochs, diverged }: Trained, test: TestReport, options: Options): Ending {
  if (diverged) return { how: 'diverged', step: loss.length, loss: loss.at(-1)!, of: 'training' }
  if (!Number.isFinite(test.loss)) return { how: 'diverged', step: loss.length, loss: test.loss!, of: 'test' }
  return { how: epochs.length < options.epochs ? 'stopped' : 'complete' }
}

function reportOf(
  options: Options,
  network: Network,
  { loss, epochs, schedule }: Trained,
  results: Pick<RunReport, 'ending' | 'test' | 'seconds' | 'gradientNorms' | 'gradientCheck'>,
): RunReport {
  return {
    ...network,
    ...results,
    command: commandOf(options),
    seed: options.seed,
    date: new Date(),
    machine: machine(options),
    method: {
      optimizer: 'Adam (β₁ 0.9, β₂ 0.999)',
      schedule,
      loss: 'cross entropy',
      batch: Math.min(options.batch, options.limit),
    },
    loss,
    epochs,
    plannedEpochs: options.epochs,
    accuracyOn: 'test',
  }
}

function commandOf({ model, epochs, batch, lr, seed, limit, eager }: Options): string {
  const how = eager ? ' --eager' : ''
  return `npm start -- --model ${model} --epochs ${epochs} --batch ${batch} --lr ${lr} --seed ${seed} --limit ${limit}${how}`
}

const isRight = (check: GradientCheckReport | string): boolean =>
  typeof check !== 'string' && check.rows.every((row) => row.ok)

// Where nobody reads on (`npm start | head`), the report is still to be written.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

try {
  const options = readOptions(process.argv.slice(2))
  if (options) await run(options)
  else say(HELP)
} catch (error) {
  if (!(error instanceof ChainruleError)) throw error
  console.error(error.message)
  process.exitCode = error instanceof ArgumentError ? 2 : 1
}
