/**
 * Tests run on the sources: the package's own name leads to src/, not to dist/. Every file has a process of its own
 * (native libraries and the state of the random generator are per process), as many at a time as there are cores.
 */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { SummaryReporter } from './test/summary-reporter.ts'

const source = (path: string): string => fileURLToPath(new URL(`./src/${path}`, import.meta.url))

const IN_BROWSER = 'test/explorer/**/*.test.ts'

/** They go through every view, link or hostile program there is, which takes minutes. */
const SWEEPS = [
  'axe',
  'budgets',
  'code-hostile',
  'hostile-links',
  'keyboard',
  'media',
  'play',
  'play-numbers',
  'shell-links',
]
const leftOut =
  process.env.CI === 'true' || process.env.CHAINRULE_EXPLORER === 'all'
    ? []
    : SWEEPS.map((name) => `test/explorer/${name}.test.ts`)

export default defineConfig({
  resolve: {
    alias: [
      { find: /^chainrule$/, replacement: source('index.ts') },
      { find: /^chainrule\/(.+)$/, replacement: source('$1/index.ts') },
    ],
  },
  test: {
    pool: 'forks',
    maxWorkers: '100%',
    // For machines that are busy with other things.
    testTimeout: 30_000,
    reporters: ['default', new SummaryReporter(leftOut)],
    projects: [
      {
        extends: true,
        test: {
          name: 'library',
          include: ['src/**/*.test.ts', 'explorer/src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [IN_BROWSER],
        },
      },
      // A browser on a busy machine may take longer than anyone expects, so a test that fails is tried once more.
      { extends: true, test: { name: 'explorer', include: [IN_BROWSER], exclude: leftOut, retry: 1 } },
    ],
  },
})
