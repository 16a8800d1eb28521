/** All views, and the component of each, which is loaded when it is first asked for. */
import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import { views as code } from '../code/index.ts'
import type { View } from '../model/view.ts'
import { views as play } from '../play/index.ts'
import { views as train } from '../train/index.ts'

export const views: readonly View[] = [...play, ...train, ...code]

export const GROUPS: readonly View['group'][] = ['Start', 'Playgrounds', 'Experiments', 'Learn', 'Your code']

/** What a first visit shows, without anything being asked. */
export const FIRST = 'play/neuron'

export const viewAt = (path: string): View | undefined => views.find((view) => view.path === path)

/** The address of a view, for links. */
export const hrefOf = (path: string): string => `#/${path}`

/** What a link says besides, about things that its view does not have. */
export const straysOf = ({ inputs }: View, given: Readonly<Record<string, string>>): readonly string[] =>
  inputs ? Object.keys(given).filter((name) => !inputs(name)) : []

const components = new Map<string, LazyExoticComponent<ComponentType>>()

/** The component of a view; asking for it sends for its code. */
export function componentOf(view: View): LazyExoticComponent<ComponentType> {
  const known = components.get(view.path)
  if (known) return known
  const loaded = view.load().then((component) => ({ default: component }))
  // Whoever renders it is told; here nobody waits for it.
  loaded.catch(() => {})
  const made = lazy(() => loaded)
  components.set(view.path, made)
  return made
}

/** A view that could not be loaded is asked for anew the next time. */
export const forget = (view: View): boolean => components.delete(view.path)
