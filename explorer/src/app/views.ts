/** All views, and the component of each, which is loaded when it is first asked for. */
import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import { views as code } from '../code/index.ts'
import type { View } from '../model/view.ts'
import { views as play } from '../play/index.ts'

export const views: readonly View[] = [...play, ...code]

export const GROUPS: readonly View['group'][] = ['Start', 'Playgrounds', 'Experiments', 'Learn', 'Your code']

/** What a first visit shows, without anything being asked. */
export const FIRST = 'play/neuron'

export const viewAt = (path: string): View | undefined => views.find((view) => view.path === path)

/** The address of a view, for links. */
export const hrefOf = (path: string): string => `#/${path}`

const components = new Map<string, LazyExoticComponent<ComponentType>>()

export function componentOf(view: View): LazyExoticComponent<ComponentType> {
  const known = components.get(view.path)
  if (known) return known
  const made = lazy(async () => ({ default: await view.load() }))
  components.set(view.path, made)
  return made
}

/** A view that could not be loaded is asked for anew the next time. */
export const forget = (view: View): boolean => components.delete(view.path)
