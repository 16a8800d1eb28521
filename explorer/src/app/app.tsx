/** The shell: top bar, the view of the address, messages, and the one live region. */
import { useEffect, useState } from 'react'
import { SCRIPT, useConnection } from '../code/script/connection.ts'
import { useExplorer } from '../model/store.ts'
import type { View } from '../model/view.ts'
import { useAnnouncement } from '../ui/announce.ts'
import { toast } from '../ui/toast.ts'
import { useRoute } from '../url/index.ts'
import { type Dialogs, OpenDialog } from './dialogs.tsx'
import { useKeys } from './keys.ts'
import { Start } from './start.tsx'
import { Toasts } from './toasts.tsx'
import { TopBar } from './top-bar.tsx'
import { Missing, ViewFrame } from './view-frame.tsx'
import { straysOf, viewAt } from './views.ts'
import './theme.css'
import '../ui/ui.css'
import '../ui/dialog.css'
import './app.css'
import './messages.css'
import './bench.css'
import './start.css'
import './help.css'

export function App() {
  const [dialog, setDialog] = useState<Dialogs | null>(null)
  const { path, visit } = useRoute()
  const view = viewAt(path)
  useKeys(setDialog)
  useTitle(view)
  // biome-ignore lint/correctness/useExhaustiveDependencies: every visit brings a link of its own
  useEffect(() => {
    const strays = view ? straysOf(view, useExplorer.getState().inputs) : []
    if (strays.length > 0) toast('warning', `The link has inputs that this page does not know: ${strays.join(', ')}.`)
  }, [view, visit])
  // Whoever goes to a view starts there, not in the menu that is gone.
  useEffect(() => {
    if (visit > 1) document.getElementById('main')?.focus()
  }, [visit])
  const close = () => setDialog(null)
  return (
    <>
      <SkipLink />
      <TopBar view={view} onDialog={setDialog} />
      <main id="main" tabIndex={-1} className={view ? 'main' : 'main main-start'}>
        {view && <h1 className="for-ear">{view.title}</h1>}
        {view ? <ViewFrame key={visit} view={view} /> : path === '' ? <Start key={visit} /> : <Missing path={path} />}
      </main>
      <Toasts />
      <LiveRegion />
      {dialog && <OpenDialog dialog={dialog} onClose={close} />}
    </>
  )
}

/** The window is called after the view, and where a script is watched after that. */
function useTitle(view: View | undefined): void {
  const script = useConnection((connection) => connection.script)
  const title = view?.path === SCRIPT ? (script ?? view.title) : view?.title
  useEffect(() => {
    document.title = title ? `${title} · Chainrule explorer` : 'Chainrule explorer'
  }, [title])
}

/** A button, because the address behind # is the view's. */
function SkipLink() {
  return (
    <button type="button" className="skip" onClick={() => document.getElementById('main')?.focus()}>
      Skip to the program
    </button>
  )
}

function LiveRegion() {
  const text = useAnnouncement((state) => state.text)
  const busy = useExplorer((state) => state.session === null)
  return (
    <div className="for-ear" role="status" aria-live="polite" data-role="live">
      {busy ? '' : text}
    </div>
  )
}
