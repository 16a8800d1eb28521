/**
 * How values and gradients fare on their way through a network. Read `flow.ts`, then `watch.ts` (what is seen),
 * `gather.ts` (what is made of it) and `findings/index.ts` (what it means, and how to add a diagnosis).
 */
export type { LayerReport, ParameterReport } from './evidence.ts'
export type { Finding } from './findings/finding.ts'
export { type FlowOptions, flow } from './flow.ts'
export { Flow } from './flow-document.ts'
export {
  GradientMonitor,
  type GradientMonitorOptions,
  type LayerRecord,
  type MonitorRecord,
  type ParameterRecord,
} from './monitor.ts'
export type { NonFinite, OperandAt, Untaken } from './non-finite.ts'
export type { TensorStatistics } from './statistics.ts'
export { GradientTrace, traceGradients } from './trace-gradients.ts'
