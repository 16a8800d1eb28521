/** Files that leave the page. */

/** Browsers begin to read a file some time after they were asked to save it. */
const READ_MS = 1000

export function save(name: string, blob: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), READ_MS)
}
