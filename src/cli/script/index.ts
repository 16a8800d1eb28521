/** Scripts of the user, run under observation. */
export { type RunningScript, type RunOptions, runScript, startScript } from './run-script.ts'
export { ScriptError, type ScriptPlace, type ScriptReason } from './script-error.ts'
export type { Script, Task, TaskOptions, TaskResult, Tasks } from './tasks.ts'
