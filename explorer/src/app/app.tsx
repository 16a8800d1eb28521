/** The shell: top bar, the view of the address, messages, and the one live region. */
import { useEffect, useState } from 'react'
import { useExplorer } from '../model/store.ts'
import { useAnnouncement } from '../ui/announce.ts'
import { useRoute } from '../url/index.ts'
import { Help } from './help.tsx'
import { useKeys } from './keys.ts'
import { SettingsDialog } from './settings-dialog.tsx'
import { ShareDialog } from './share-dialog.tsx'
import { Start } from './start.tsx'
import { Toasts } from './toasts.tsx'
import { TopBar } from './top-bar.tsx'
import { Missing, ViewFrame } from './view-frame.tsx'
import { viewAt } from './views.ts'
import './theme.css'
import '../ui/ui.css'
import '../ui/dialog.css'
import './app.css'
import './bench.css'
import './start.css'
import './help.css'

export type Dialogs = 'help' | 'settings' | 'share'

export function App() {
  const [dialog, setDialog] = useState<Dialogs | null>(null)
  const { path, visit } = useRoute()
  const view = viewAt(path)
  useKeys(setDialog)
  useEffect(() => {
    document.title = view ? `${view.title} · Chainrule explorer` : 'Chainrule explorer'
  }, [view])
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
      {dialog === 'help' && <Help onClose={close} />}
      {dialog === 'settings' && <SettingsDialog onClose={close} />}
      {dialog === 'share' && <ShareDialog onClose={close} />}
    </>
  )
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
