/** A page of the explorer: where it is found, and its component, which is loaded when it is first opened. */
import type { ComponentType } from 'react'

export interface View {
  /** In the address, behind `#/`: `play/neuron`. */
  readonly path: string
  readonly title: string
  readonly group: 'Start' | 'Playgrounds' | 'Experiments' | 'Learn' | 'Your code'
  /** Two sentences: what is seen here, and what to look at. */
  readonly about: string
  load(): Promise<ComponentType>
}
