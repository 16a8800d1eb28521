/** The keys that work everywhere. A key never does two things: text fields, buttons and editors keep theirs. */
import { useEffect } from 'react'
import { update, useExplorer } from '../model/store.ts'
import { stepBy, togglePlay } from '../player/index.ts'
import { announce } from '../ui/index.ts'
import { NARROW } from '../ui/use-media.ts'
import type { Dialogs } from './dialogs.tsx'
import { bring, usePanes } from './panes.ts'
import { copyCurrent } from './share.ts'

/** What a key is pressed in. */
export type Place = 'text' | 'control' | 'page'

/** Ranges and check boxes take no text, so that letters pressed on them are free. */
const WITHOUT_TEXT = 'input[type=range], input[type=checkbox], input[type=radio]'
const TEXT = 'input, textarea, select, [contenteditable=""], [contenteditable=true], .cm-editor'
/** What Space presses by itself. */
const PRESSED = 'button, a[href], summary, input[type=checkbox], input[type=radio], [role=tab], [role=button]'

/** A button that was clicked keeps the focus; only one that was reached by keyboard keeps the Space bar too. */
export function placeOf(target: Element | null): Place {
  if (!target) return 'page'
  if (target.closest(TEXT) && !target.matches(WITHOUT_TEXT)) return 'text'
  const pressed = target.closest(PRESSED)
  return pressed?.matches(':focus-visible') ? 'control' : 'page'
}

type Act = (dialog: (dialog: Dialogs) => void) => void

const STEPS: readonly string[] = ['.', ',']

const SINGLE: Record<string, Act> = {
  k: togglePlay,
  '.': () => stepBy(1),
  ',': () => stepBy(-1),
  t: otherShape,
  p: paths,
  g: goToLine,
  '/': search,
  '?': (dialog) => dialog('help'),
}

/** Where panes are tabs, the first press brings back the shape that stood behind another tab. */
function otherShape(): void {
  if (isNarrow() && usePanes.getState().beside !== null) bring(null)
  else update({ shape: useExplorer.getState().shape === 'graph' ? 'table' : 'graph' })
}

function paths(): void {
  update({ tab: 'paths' })
  if (isNarrow()) bring('explanation')
}

const isNarrow = (): boolean => matchMedia(NARROW).matches

/** Of a program that knows its lines. */
function goToLine(dialog: (dialog: Dialogs) => void): void {
  const trace = useExplorer.getState().session?.trace
  if (trace?.nodes.some(({ source }) => source !== null)) dialog('line')
  else announce('This program has no source lines to go to')
}

/** The search stands above the graph, to which the table gives way. */
function search(): void {
  const focus = () => {
    const box = document.querySelector<HTMLInputElement>('input[type=search]')
    box?.focus()
    return box !== null
  }
  if (focus() || useExplorer.getState().session === null) return
  bring(null)
  update({ shape: 'graph' })
  requestAnimationFrame(focus)
}

/** What a key does, or undefined where it is not the shell's. */
function actOf(event: KeyboardEvent, place: Place, shortcuts: boolean): Act | undefined {
  const { key, ctrlKey, metaKey, altKey } = event
  if ((ctrlKey || metaKey) && !altKey && key.toLowerCase() === 's' && place === 'text') return () => void copyCurrent()
  if (ctrlKey || metaKey || altKey || place === 'text') return undefined
  if (key === ' ') return place === 'page' ? togglePlay : undefined
  return shortcuts ? SINGLE[key.toLowerCase()] : undefined
}

export function useKeys(onDialog: (dialog: Dialogs) => void): void {
  useEffect(() => {
    const find = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return undefined
      const place = placeOf(event.target as Element | null)
      return actOf(event, place, useExplorer.getState().shortcuts)
    }
    const down = (event: KeyboardEvent) => {
      const act = find(event)
      if (!act) return
      event.preventDefault()
      // Steps may be held down; what is switched would flicker.
      if (!event.repeat || STEPS.includes(event.key)) act(onDialog)
    }
    // A button is pressed by Space when the key comes up.
    const up = (event: KeyboardEvent) => {
      if (event.key === ' ' && find(event)) event.preventDefault()
    }
    window.addEventListener('keydown', down)
    window.addEventListener('keyup', up)
    return () => {
      window.removeEventListener('keydown', down)
      window.removeEventListener('keyup', up)
    }
  }, [onDialog])
}
