/** The dialogs, which are loaded when they are first asked for. */
import { lazy, Suspense } from 'react'

export type Dialogs = 'help' | 'settings' | 'share' | 'line'

const DIALOGS = {
  help: lazy(async () => ({ default: (await import('./help.tsx')).Help })),
  settings: lazy(async () => ({ default: (await import('./settings-dialog.tsx')).SettingsDialog })),
  share: lazy(async () => ({ default: (await import('./share-dialog.tsx')).ShareDialog })),
  line: lazy(async () => ({ default: (await import('./line-dialog.tsx')).LineDialog })),
} as const satisfies Record<Dialogs, unknown>

export function OpenDialog({ dialog, onClose }: { dialog: Dialogs; onClose: () => void }) {
  const Shown = DIALOGS[dialog]
  return (
    <Suspense fallback={null}>
      <Shown onClose={onClose} />
    </Suspense>
  )
}
