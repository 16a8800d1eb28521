/** The top bar: where you are, where you can go, what can be found, taken along and set. */
import { type Theme, update, useExplorer } from '../model/store.ts'
import type { View } from '../model/view.ts'
import { Button, Icon, type IconName } from '../ui/index.ts'
import { NARROW, useMedia } from '../ui/use-media.ts'
import type { Dialogs } from './dialogs.tsx'
import { ScriptStatus } from './script-status.tsx'
import { setTheme } from './settings.ts'
import { hrefOf } from './views.ts'
import { ViewsMenu } from './views-menu.tsx'

const NEXT: Record<Theme, { readonly theme: Theme; readonly icon: IconName; readonly now: string }> = {
  auto: { theme: 'light', icon: 'halves', now: 'as the system' },
  light: { theme: 'dark', icon: 'sun', now: 'light' },
  dark: { theme: 'auto', icon: 'moon', now: 'dark' },
}

export function TopBar({ view, onDialog }: { view: View | undefined; onDialog: (dialog: Dialogs) => void }) {
  const theme = useExplorer((state) => state.theme)
  const running = useExplorer((state) => state.session !== null)
  const narrow = useMedia(NARROW)
  const { theme: next, icon, now } = NEXT[theme]
  return (
    <header className="top">
      <a className="top-title" href={hrefOf('')} aria-label="Chainrule, all views">
        <span aria-hidden="true">∂</span> <b>Chainrule</b>
      </a>
      <ViewsMenu view={view} />
      <ScriptStatus />
      {running && !narrow && <ShapeToggle />}
      <div className="top-slots">
        <Button onClick={() => onDialog('share')}>Share</Button>
        <Button tone="quiet" says={`Theme: ${now}. Change to ${NEXT[next].now}`} onClick={() => setTheme(next)}>
          <Icon name={icon} />
        </Button>
        <Button tone="quiet" says="Settings" onClick={() => onDialog('settings')}>
          <Icon name="gear" />
        </Button>
        <Button tone="quiet" says="Help: keys, colours, words (?)" onClick={() => onDialog('help')}>
          ?
        </Button>
      </div>
    </header>
  )
}

/** Where there is little room, graph and table are two of the tabs instead. */
function ShapeToggle() {
  const shape = useExplorer((state) => state.shape)
  return (
    <fieldset className="shapes" aria-label="Show the program as">
      <Button pressed={shape === 'graph'} onClick={() => update({ shape: 'graph' })}>
        Graph
      </Button>
      <Button pressed={shape === 'table'} onClick={() => update({ shape: 'table' })}>
        Table
      </Button>
    </fieldset>
  )
}
