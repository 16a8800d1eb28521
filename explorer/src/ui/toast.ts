/** Short messages above the page that stay until they are closed: a damaged link, a link that was copied. */
import { create } from 'zustand'

interface Toast {
  readonly id: number
  readonly tone: 'info' | 'warning' | 'bad'
  readonly text: string
}

export const useToasts = create<{ readonly toasts: readonly Toast[] }>(() => ({ toasts: [] }))

let next = 0

/** What was already said and still stands is not said twice. */
export function toast(tone: Toast['tone'], text: string): void {
  const { toasts } = useToasts.getState()
  if (toasts.some((other) => other.text === text)) return
  useToasts.setState({ toasts: [...toasts, { id: next++, tone, text }] })
}

export const dismiss = (id: number): void =>
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }))
