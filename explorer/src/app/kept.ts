/** What this browser remembers for the reader: theme, widths. Where storage is refused, nothing is remembered. */

export function kept(key: string): string | null {
  try {
    return localStorage.getItem(`chainrule.${key}`)
  } catch {
    return null
  }
}

export function keep(key: string, value: string): void {
  try {
    localStorage.setItem(`chainrule.${key}`, value)
  } catch {
    // Storage that is refused or full costs only the memory.
  }
}
