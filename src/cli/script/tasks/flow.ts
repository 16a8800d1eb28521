/** Runs a script and tells how values and gradients flow through the model that it exports. */
import { type FlowOptions, flow } from '../../../explain/index.ts'
import * as nn from '../../../nn/index.ts'
import { Optimizer } from '../../../optim/index.ts'
import { Tensor } from '../../../tensor/index.ts'
import { EXIT } from '../../command.ts'
import { type Format, type PrintOptions, print } from '../../formats.ts'
import { ScriptError } from '../script-error.ts'
import type { Script } from '../tasks.ts'

export interface FlowRequest {
  readonly format: Format
  readonly print: PrintOptions
}

type Exports = Readonly<Record<string, unknown>>

export async function run(script: Script, request: FlowRequest): Promise<{ text: string; exit: number }> {
  const exports = await script.load()
  const pass = passOf(exports, script.path)
  const options: FlowOptions = exports.optimizer instanceof Optimizer ? { optimizer: exports.optimizer } : {}
  const report = exports.model instanceof nn.Module ? flow(exports.model, pass, options) : flow(pass, options)
  const wrong = report.findings.some(({ severity }) => severity === 'problem')
  return { text: print(report, request.format, request.print), exit: wrong ? EXIT.wrong : EXIT.fine }
}

/** What is run: the exported loss, or a loss of the model on the exported batch. */
function passOf({ loss, model, batch }: Exports, path: string): () => unknown {
  if (typeof loss === 'function') return () => loss()
  if (!(model instanceof nn.Module))
    throw new ScriptError(
      'task',
      `${path}: it exports neither a function \`loss\` nor a \`model\`; see chainrule flow --help`,
    )
  const [x, y] = Array.isArray(batch) ? batch : []
  if (!(x instanceof Tensor && y instanceof Tensor))
    throw new ScriptError(
      'task',
      `${path}: a model alone does not say what to run; export the loss, export const loss = () => ..., or a batch, ` +
        'export const batch = [x, y] of tensors',
    )
  const measure = y.dtype === 'int32' ? nn.crossEntropy : nn.mseLoss
  return () => measure(model.forward(x) as Tensor, y)
}
