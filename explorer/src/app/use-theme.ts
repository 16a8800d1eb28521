/** The theme as the page shows it now: where the reader leaves it to the system, what the system asks for. */
import { useExplorer } from '../model/store.ts'
import { useMedia } from '../ui/use-media.ts'

export function useTheme(): 'light' | 'dark' {
  const chosen = useExplorer((state) => state.theme)
  const dark = useMedia('(prefers-color-scheme: dark)')
  return chosen === 'auto' ? (dark ? 'dark' : 'light') : chosen
}
