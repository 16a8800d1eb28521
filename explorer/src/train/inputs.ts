/** What the address of a training may say. */

/** Of what a run is made. */
export const SETTINGS = ['set', 'layers', 'width', 'activation', 'init', 'optimizer', 'lr', 'batch', 'seed'] as const

/** How fast it goes, how the loss is drawn, and the step whose graph is shown. */
const SIGHTS = ['pace', 'log', 'at'] as const

export const isInput = (name: string): boolean => [...SETTINGS, ...SIGHTS].some((known) => known === name)
