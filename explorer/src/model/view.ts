/** A page of the explorer: where it is found, and its component, which is loaded when it is first opened. */
import type { ComponentType } from 'react'

export interface View {
  /** In the address, behind `#/`: `play/neuron`. */
  readonly path: string
  readonly title: string
  readonly group: 'Start' | 'Playgrounds' | 'Experiments' | 'Learn' | 'Your code'
  /** Two sentences: what is seen here, and what to look at. */
  readonly about: string
  /** Whether the view has an input of that name; a link with others is told. A view without it tells them itself. */
  readonly inputs?: (name: string) => boolean
  /** What stands first where panes are tabs: the program unless this says that the view is to be read. */
  readonly opens?: 'controls'
  load(): Promise<ComponentType>
}
