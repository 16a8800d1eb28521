/** The smallest task: runs the script and tells what it exports. */
import type { Script } from '../tasks.ts'

export async function run(script: Script, _options: Readonly<Record<string, never>>): Promise<{ exports: string[] }> {
  return { exports: Object.keys(await script.load()) }
}
