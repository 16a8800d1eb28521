/** A dialog: the browser's own, which traps the focus, closes on Esc and gives the focus back. */
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Button } from './button.tsx'

export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={id} onClose={onClose}>
      <header className="dialog-head">
        <h2 id={id}>{title}</h2>
        <Button onClick={() => dialog.current?.close()}>Close</Button>
      </header>
      <div className="dialog-body">{children}</div>
    </dialog>
  )
}
