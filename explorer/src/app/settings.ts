/** What the reader has set for every visit: theme and single-key shortcuts. A theme in the link holds for this visit. */
import { type State, type Theme, update, useExplorer } from '../model/store.ts'
import { keep, kept } from './kept.ts'

const TABLE_FIRST = '(max-width: 479px)'

/** Takes up what was kept, and writes the theme to the root element, where the style sheets ask for it. */
export function startSettings(): void {
  const theme = kept('theme')
  update({
    ...(theme === 'light' || theme === 'dark' ? { theme } : {}),
    shortcuts: kept('shortcuts') !== 'off',
    ...(matchMedia(TABLE_FIRST).matches && { shape: 'table' }),
  })
  const paint = ({ theme }: State) => {
    document.documentElement.dataset.theme = theme
  }
  paint(useExplorer.getState())
  useExplorer.subscribe(paint)
}

export function setTheme(theme: Theme): void {
  keep('theme', theme)
  update({ theme })
}

export function setShortcuts(on: boolean): void {
  keep('shortcuts', on ? 'on' : 'off')
  update({ shortcuts: on })
}
