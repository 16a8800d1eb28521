/** The messages that stand above the page. */
import { Button } from '../ui/index.ts'
import { dismiss, useToasts } from '../ui/toast.ts'

export function Toasts() {
  const toasts = useToasts((state) => state.toasts)
  return (
    <section className="toasts" aria-label="Messages">
      {toasts.map(({ id, tone, text }) => (
        <div key={id} className={`notice notice-${tone}`} role={tone === 'info' ? 'status' : 'alert'}>
          <span>{text}</span>
          <Button tone="quiet" says="Close the message" onClick={() => dismiss(id)}>
            ✕
          </Button>
        </div>
      ))}
    </section>
  )
}
