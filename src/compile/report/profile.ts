/**
 * Where the time of a compiled call goes: every kernel beside the least time that the machine allows for its operations
 * and bytes. What is far from its bound is worth a look; what is near it can only do less.
 */
import type { Loaded } from '../../backends/wasm/execute/index.ts'
import type { Lowered } from '../plan/lowered.ts'
import { counted, inColumns } from '../plan/table.ts'
import type { Findings, ProfiledKernel } from './findings.ts'
import { measurePeaks } from './peaks.ts'
import { type RooflineOptions, roofline } from './roofline.ts'

export interface Profile extends Findings {
  /** A table, the slowest kernels first. */
  toText(): string
  /** Operations a second over operations per byte, below the machine's roof. */
  toSvg(options?: RooflineOptions): string
}

/** Times every kernel, the median of so many runs. State is afterwards what it was before. */
export function profile({ program }: Lowered, loaded: Loaded, runs: number): Profile {
  const times = loaded.profile(runs)
  const peaks = measurePeaks(loaded.threads)
  const seconds = times.reduce((sum, time) => sum + time.seconds, 0)
  const kernels = times.map((time, i): ProfiledKernel => {
    const bound = Math.max(time.flops / peaks.flops, time.bytes / peaks.bandwidth)
    return { ...time, kind: program.instructions[i].is, bound, share: seconds > 0 ? time.seconds / seconds : 0 }
  })
  const bound = kernels.reduce((sum, kernel) => sum + kernel.bound, 0)
  const found = { kernels, seconds, bound, peaks }
  return { ...found, toText: () => table(found), toSvg: (options = {}) => roofline(found, options) }
}

function table({ kernels, seconds, bound, peaks }: Findings): string {
  const shown = (n: number, unit: string) => (n > 0 ? counted(n, unit) : '–')
  const rate = (amount: number, time: number, unit: string) => (time > 0 ? shown(amount / time, unit) : '–')
  const rows = [...kernels]
    .sort((a, b) => b.seconds - a.seconds)
    .map((k) => [
      k.kind,
      k.label,
      counted(k.seconds, 's'),
      `${(100 * k.share).toFixed(1)} %`,
      shown(k.bound, 's'),
      rate(k.flops, k.seconds, 'FLOP/s'),
      rate(k.bytes, k.seconds, 'B/s'),
      String(k.threads),
    ])
  const head = ['kind', 'kernel', 'time', 'share', 'bound', 'arithmetic', 'memory', 'threads']
  const total = [
    'total',
    `${kernels.length} kernels`,
    counted(seconds, 's'),
    '100.0 %',
    counted(bound, 's'),
    '',
    '',
    '',
  ]
  const machine = `the machine: ${counted(peaks.flops, 'FLOP/s')} in products, ${counted(peaks.bandwidth, 'B/s')} in a cache, at best`
  return [...inColumns([head, ...rows, total], 2), machine].join('\n')
}
