/**
 * `flow`: one forward and one backward pass under observation, and what it says about a network: how large values and
 * gradients are layer by layer, what stops a gradient, where the first NaN comes from. Afterwards all is as it was before.
 */
import { propagate } from '../../autodiff/propagate.ts'
import { ArgumentError, checkOptions, GradError } from '../../errors/index.ts'
import { Module } from '../../nn/module.ts'
import { kindOf } from '../../ops/arguments.ts'
import { add } from '../../ops/elementwise/add.ts'
import { shapeText } from '../../ops/shape.ts'
import { Optimizer } from '../../optim/optimizer.ts'
import { onesLike, Tensor, withoutRecording } from '../../tensor/index.ts'
import type { GivenNames } from '../names.ts'
import { Flow } from './flow-document.ts'
import { gather } from './gather.ts'
import { normOfTensor } from './statistics.ts'
import { TapeOrder } from './tape-order.ts'
import { type Trial, tryStep } from './trial-step.ts'
import { Untouched } from './untouched.ts'
import { type Application, type Seen, type WalkBack, Watch } from './watch.ts'

export interface FlowOptions {
  /** Takes a step of the optimizer, to be undone: how much it changes each weight, and what becomes of the loss. */
  readonly optimizer?: Optimizer
  /** The same for a plain step w - lr g, where there is no optimizer. */
  readonly lr?: number
  /** Names for tensors that have none. */
  readonly names?: GivenNames
}

type Run = () => unknown

/**
 * Runs one pass and tells what happens to values and gradients on their way. Backward is run by `flow`, unless the
 * function does it itself.
 *
 * All is as before afterwards: the gradients, elements and buffers of the model, of the optimizer's parameters and of every
 * tensor that the pass changes in place, the modes of the model's modules, the optimizer if it is given, and the random
 * numbers to come. What the function does apart from tensors (taking the next batch, printing) is done, and hooks of tensors
 * are called; with a step to be tried the function is called up to three times. The `.grad` of a tensor that belongs neither to the model nor to the optimizer is put back to
 * what it was when the pass first read it.
 * @param model the module whose parameters and layers are told by their keys, also those that the pass leaves out.
 * @param run returns the loss, a tensor with one element: `() => nn.crossEntropy(model.forward(x), y)`.
 * @throws ArgumentError where `run` returns no loss and calls no backward; what `run` throws.
 * @example const fc = new nn.Linear(2, 1); flow(fc, () => fc.forward(ones([4, 2])).detach().mean()).findings.map((f) => f.title) // ['No gradient']
 */
export function flow(model: Module, run: Run, options?: FlowOptions): Flow
export function flow(run: Run, options?: FlowOptions): Flow
/** Of a loss that was computed already: operation by operation, as far as the tape knows. */
export function flow(loss: Tensor, options?: FlowOptions): Flow
export function flow(subject: Module | Run | Tensor, ...rest: unknown[]): Flow {
  const model = subject instanceof Module ? subject : undefined
  const [run, options] = model ? [rest[0], rest[1]] : [subject, rest[0]]
  const checked = checkedOptions(options)
  if (run instanceof Tensor) return flowOfTape(run, checked)
  if (typeof run !== 'function')
    throw new ArgumentError(
      `flow: takes a function that returns the loss, flow(model, () => loss), or a loss, flow(loss); got ${kindOf(run)}`,
    )
  return flowOfRun(model, run as Run, checked)
}

function checkedOptions(options: unknown = {}): FlowOptions {
  checkOptions('flow', options as object, ['optimizer', 'lr', 'names'])
  const { optimizer, lr } = options as FlowOptions
  if (optimizer !== undefined && !(optimizer instanceof Optimizer))
    throw new ArgumentError(`flow: optimizer must be an optimizer such as optim.SGD, got ${kindOf(optimizer)}`)
  if (lr !== undefined && !(typeof lr === 'number' && lr > 0 && lr < Infinity))
    throw new ArgumentError(`flow: lr must be a finite number > 0, got ${String(lr)}`)
  if (lr !== undefined && optimizer !== undefined)
    throw new ArgumentError('flow: an optimizer has its own learning rate; give one of optimizer and lr')
  return options as FlowOptions
}

function flowOfRun(model: Module | undefined, run: Run, options: FlowOptions): Flow {
  const { optimizer, lr, names } = options
  const untouched = new Untouched({ model, optimizer })
  try {
    const watch = new Watch({ thorough: true })
    const pass = untouched.run(() => passOf(run, watch))
    const gradients = gradientsOf(pass)
    const again = () => lossOf(untouched.run(run))
    const trial = tryStep({ untouched, gradients, optimizer, lr, again, loss: pass.loss?.item() })
    untouched.restore()
    return new Flow(
      gather({
        ...pass,
        model,
        optimized: optimizer?.paramGroups.flatMap(({ params }) => params) ?? [],
        names,
        loss: evidenceOfLoss(pass, trial),
        gradient: (x) => gradients.get(x) ?? null,
        norm: normOfTensor,
        update: (x) => trial?.updates.get(x) ?? null,
        learningRates: lr !== undefined ? [lr] : (optimizer?.paramGroups.map((group) => group.lr) ?? []),
        thorough: true,
      }),
    )
  } finally {
    untouched.restore()
  }
}

interface RunPass {
  readonly seen: Seen
  readonly loss: Tensor | undefined
  readonly roots: readonly Tensor[]
  readonly walks: readonly WalkBack[]
  /** What flow's own walk brought to the leaves; null where the program walked itself. */
  readonly found: ReadonlyMap<Tensor, Tensor> | null
}

const evidenceOfLoss = ({ loss, roots }: RunPass, trial: Trial | null) => ({
  value: loss?.item() ?? Number.NaN,
  tracked: roots.some((y) => y.tracked),
  trial: trial?.step ?? null,
  history: [],
})

function passOf(run: Run, watch: Watch): RunPass {
  watch.start()
  try {
    const loss = lossOf(run())
    const own = watch.walks.filter(({ roots }) => loss && roots.includes(loss))
    const walked = watch.walks.filter(({ roots }) => roots.some((y) => y.level === 0))
    if (loss && own.length === 0 && !(walked.length > 0 && isSpent(loss))) return { loss, ...walkBack(watch, loss) }
    if (!loss && walked.length === 0)
      throw new ArgumentError(
        'flow: the function must return the loss, a tensor with one element, or call backward() itself',
      )
    const walks = own.length > 0 ? own : walked
    return { seen: watch, loss, roots: loss ? [loss] : walks.flatMap(({ roots }) => roots), walks, found: null }
  } finally {
    watch.stop()
  }
}

/** Backward by flow itself, which touches no `.grad` and frees nothing. */
function walkBack(watch: Watch, loss: Tensor): Omit<RunPass, 'loss'> {
  const before = watch.walks.length
  const found = loss.tracked
    ? propagate({ level: 0, outputs: [loss], seeds: [onesLike(loss)], createGraph: false, retainGraph: true })
    : new Map<Tensor, Tensor>()
  return { seen: watch, roots: [loss], walks: watch.walks.slice(before), found }
}

/** Whether backward has freed what the loss was computed from. */
const isSpent = (loss: Tensor): boolean => new TapeOrder([loss], new Set()).nodes.some((node) => node.freed)

function lossOf(returned: unknown): Tensor | undefined {
  if (returned instanceof Promise)
    throw new ArgumentError('flow: takes a synchronous function; get the batch first, then flow(model, () => loss)')
  if (!(returned instanceof Tensor)) return undefined
  if (returned.box)
    throw new ArgumentError('flow: the loss belongs to a running grad, vjp, jvp or vmap; call flow outside')
  if (returned.size !== 1)
    throw new ArgumentError(
      `flow: the loss is a tensor with one element, the function returned ${shapeText(returned.shape)}; reduce it with mean() or sum()`,
    )
  return returned
}

/** Per leaf: what flow's walk found, what the program left in `.grad`, or what arrived there in its own walks. */
function gradientsOf({ found, walks }: RunPass): Map<Tensor, Tensor> {
  const gradients = new Map<Tensor, Tensor>(found ?? [])
  if (found) return gradients
  for (const { leaves } of walks)
    for (const [x, parts] of leaves) {
      const sum = withoutRecording(() => parts.reduce((a, b) => add(a, b)))
      const known = gradients.get(x)
      gradients.set(x, known ? withoutRecording(() => add(known, sum)) : sum)
    }
  for (const x of gradients.keys()) if (x.grad) gradients.set(x, x.grad)
  return gradients
}

function flowOfTape(loss: Tensor, { names, optimizer, lr }: FlowOptions): Flow {
  if (optimizer !== undefined || lr !== undefined)
    throw new ArgumentError('flow: to try a step the loss must be computed again: flow(() => loss, { lr })')
  lossOf(loss)
  if (!loss.tracked)
    throw new GradError(
      'flow: the loss requires no gradient; pass the function that computes it, flow(() => loss), to see why',
    )
  const { nodes } = new TapeOrder([loss], new Set())
  if (nodes.some((node) => node.freed))
    throw new GradError(
      'flow: backward has freed what this loss was computed from; call flow(loss) before backward(), or pass the function: flow(() => loss)',
    )
  const applications = nodes.map(
    ({ op, attrs, inputs, outputs }, i): Application => ({
      how: 'applied',
      op,
      name: op.name,
      inputs: inputs!,
      attrs,
      outputs: outputs!,
      node: nodes[i],
      recording: true,
      call: null,
      after: null,
      site: nodes[i].site,
      backward: false,
    }),
  )
  const pass = { loss, ...walkOf(loss), seen: { applications, calls: [] } }
  const gradients = gradientsOf(pass)
  return new Flow(
    gather({
      ...pass,
      model: undefined,
      optimized: [],
      names,
      loss: evidenceOfLoss(pass, null),
      gradient: (x) => gradients.get(x) ?? null,
      norm: normOfTensor,
      update: () => null,
      learningRates: [],
      thorough: true,
    }),
  )
}

/** A walk back by itself. */
function walkOf(loss: Tensor): Omit<RunPass, 'loss'> {
  const watch = new Watch({ thorough: true })
  watch.start()
  try {
    return walkBack(watch, loss)
  } finally {
    watch.stop()
  }
}
