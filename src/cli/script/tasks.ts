/**
 * What can be done with a script. A task is a module in tasks/ of that name, which exports `run`; it is run in the
 * script's own process and its result is sent as JSON. To add one, write its file and a line here.
 */
export interface Tasks {
  readonly check: typeof import('./tasks/check.ts').run
  readonly explain: typeof import('./tasks/explain.ts').run
  readonly explore: typeof import('./tasks/explore.ts').run
  readonly flow: typeof import('./tasks/flow.ts').run
  readonly run: typeof import('./tasks/run.ts').run
}

export type Task = keyof Tasks
/** What a task is told by its caller, as JSON. */
export type TaskOptions<T extends Task> = Parameters<Tasks[T]>[1]
export type TaskResult<T extends Task> = Awaited<ReturnType<Tasks[T]>>

/** The script as a task sees it. */
export interface Script {
  /** As the user is shown it: from the working directory, if it lies there. */
  readonly path: string
  /**
   * Runs the script to its end (when its top level is done and no timer, socket or promise is left that could go on)
   * and gives its exports; none, if it called `process.exit(0)`. A failure of the script ends the process and is
   * reported from there.
   */
  load(): Promise<Readonly<Record<string, unknown>>>
  /** Says something to the process that started this one, at any time, also while this one ends. */
  note(note: unknown): void
  /** Stays, without a limit of time, and answers questions until nobody can ask any more. */
  stay(answer: (question: unknown) => void): Promise<void>
}
