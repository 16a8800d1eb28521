/** Theme and keys. */
import { type Theme, useExplorer } from '../model/store.ts'
import { Dialog } from '../ui/index.ts'
import { setShortcuts, setTheme } from './settings.ts'

const THEMES: readonly { readonly theme: Theme; readonly label: string }[] = [
  { theme: 'auto', label: 'As the system' },
  { theme: 'light', label: 'Light' },
  { theme: 'dark', label: 'Dark' },
]

export function SettingsDialog({ onClose }: { onClose: () => void }) {
  const chosen = useExplorer((state) => state.theme)
  const shortcuts = useExplorer((state) => state.shortcuts)
  return (
    <Dialog title="Settings" onClose={onClose}>
      <fieldset className="choices">
        <legend>Theme</legend>
        {THEMES.map(({ theme, label }) => (
          <label key={theme}>
            <input type="radio" name="theme" checked={theme === chosen} onChange={() => setTheme(theme)} /> {label}
          </label>
        ))}
      </fieldset>
      <fieldset className="choices">
        <legend>Keyboard</legend>
        <label>
          <input type="checkbox" checked={shortcuts} onChange={(event) => setShortcuts(event.target.checked)} />{' '}
          Single-key shortcuts, such as K and . and /
        </label>
      </fieldset>
    </Dialog>
  )
}
