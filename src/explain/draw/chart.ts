/** Charts as standalone SVG, in both themes: lines over a number, bars per name. */
export { type Bar, type BarChart, barChart } from './chart/bars.ts'
export type { Band, ChartOptions } from './chart/frame.ts'
export { type LineChart, lineChart, type Series } from './chart/line.ts'
export type { ValueAxis } from './chart/plot.ts'
