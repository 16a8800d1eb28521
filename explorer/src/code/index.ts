/** Views of the reader's own programs: typed here, written as a formula, or run by the command. */
import type { View } from '../model/view.ts'
import { codeAbout, formulaAbout, scriptAbout } from './abouts.ts'
import { takeToken } from './script/token.ts'

// With the page and not with its view: before anything else reads the address.
takeToken()

export const views: readonly View[] = [
  {
    path: 'code',
    title: 'Your code',
    group: 'Your code',
    about: codeAbout,
    inputs: (name) => name === 'src' || name === 'example',
    load: async () => (await import('./code-page.tsx')).CodePage,
  },
  {
    path: 'formula',
    title: 'A formula',
    group: 'Start',
    about: formulaAbout,
    inputs: (name) => name === 'f' || name === 'at',
    load: async () => (await import('./formula-page.tsx')).FormulaPage,
  },
  {
    path: 'graph',
    title: 'Your script',
    group: 'Your code',
    about: scriptAbout,
    inputs: () => false,
    load: async () => (await import('./script/script-page.tsx')).ScriptPage,
  },
]
