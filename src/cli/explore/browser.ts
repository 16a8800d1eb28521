/** Opening the reader's browser, where there is one. */
import { spawn } from 'node:child_process'

/** What opens an address on this system; undefined where there is no screen to open it on. */
function openerOf(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] | undefined {
  if (platform === 'darwin') return ['open']
  // Its second word is a title.
  if (platform === 'win32') return ['cmd', '/c', 'start', '""']
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open'] : undefined
}

/** Tries to open an address. Where that fails, the reader has the address on the terminal. */
export function openBrowser(url: string): void {
  const [command, ...args] = openerOf(process.platform, process.env) ?? []
  if (!command) return
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true })
  child.once('error', () => {})
  child.unref()
}
