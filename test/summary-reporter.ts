/**
 * Ends every test run with one line, `N passed, N failed, N skipped`, and under CI=true takes a skipped test for a
 * failure: what a machine of one's own may lack, the machine that decides must have. Tests that passed only when they
 * were tried again are named.
 */
import { writeSync } from 'node:fs'
import type { Reporter, TestCase, TestModule } from 'vitest/node'

/** A file that does not load, a broken hook and a stray rejection fail the run without failing any test. */
function countBroken(modules: readonly TestModule[], unhandled: readonly unknown[]): number {
  const suites = modules.flatMap((module) => [module, ...module.children.allSuites()])
  return suites.filter((suite) => suite.errors().length > 0).length + unhandled.length
}

function describeTest(test: TestCase): string {
  const result = test.result()
  const note = result.state === 'skipped' && result.note ? `: ${result.note}` : ''
  return `  ${test.module.relativeModuleId} > ${test.fullName}${note}`
}

export class SummaryReporter implements Reporter {
  readonly #leftOut: readonly string[]

  /** @param leftOut files that only a complete run has. */
  constructor(leftOut: readonly string[] = []) {
    this.#leftOut = leftOut
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const inState = (state: string) => tests.filter((test) => test.result().state === state)
    const skipped = inState('skipped')
    const failed = inState('failed').length + countBroken(modules, unhandled)
    const line = `${inState('passed').length} passed, ${failed} failed, ${skipped.length} skipped\n`
    const shaky = tests.filter((test) => (test.diagnostic()?.retryCount ?? 0) > 0 && test.result().state === 'passed')
    const refused = process.env.CI === 'true' && skipped.length > 0
    // when the process ends, because other reporters may still be writing now
    process.once('exit', () => {
      if (shaky.length > 0) writeSync(1, `\nPassed only when tried again:\n${shaky.map(describeTest).join('\n')}\n`)
      if (refused) {
        process.exitCode = 1
        const list = skipped.map(describeTest).join('\n')
        writeSync(1, `\nFAILED: CI=true, where no test may be skipped. Install what these tests lack:\n${list}\n`)
      }
      const files = this.#leftOut.length
      const more =
        files > 0 ? `CHAINRULE_EXPLORER=all runs ${files} more files, which go through the whole explorer.\n` : ''
      writeSync(1, `\n${more}${line}`)
    })
    if (refused) process.exitCode = 1
  }
}
