/** Tables of plans and profiles: numbers with prefixes, columns of even width. */

const PREFIXES: readonly (readonly [unit: number, prefix: string])[] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
  [1, ''],
  [1e-3, 'm'],
  [1e-6, 'µ'],
  [1e-9, 'n'],
]

/** `1.23 MB`, `45.6 µs`, `0.174 ns`: three digits. Whole numbers below a thousand stay whole. */
export function counted(n: number, unit: string): string {
  const [size, prefix] =
    PREFIXES.find(([least]) => n >= least * 0.9995) ?? (n > 0 ? PREFIXES[PREFIXES.length - 1] : [1, ''])
  const value = n / size
  return `${size === 1 && Number.isInteger(n) ? n : value.toPrecision(3)} ${prefix}${unit}`
}

/** Rows as lines; from column `numbers` on cells end where their column ends. */
export function inColumns(rows: readonly (readonly string[])[], numbers: number): string[] {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)))
  return rows.map((row) =>
    row
      .map((cell, i) => (i < numbers ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join('  ')
      .trimEnd(),
  )
}
