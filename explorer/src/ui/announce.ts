/** The one polite live region's text. Whoever has news for readers by ear puts it here; the shell renders it. */
import { create } from 'zustand'

export const useAnnouncement = create<{ readonly text: string }>(() => ({ text: '' }))

export const announce = (text: string): void => useAnnouncement.setState({ text })
