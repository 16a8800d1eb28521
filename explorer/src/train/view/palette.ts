/** The library's colours as the page shows them now: canvases know no style sheet. */
import { darkPalette, lightPalette, type Palette } from 'chainrule/explain/draw'
import { useTheme } from '../../app/use-theme.ts'

export function usePalette(): Palette {
  return useTheme() === 'dark' ? darkPalette : lightPalette
}

/** The colour of a line; after six they start over, and dashes tell them apart. */
export const lineColour = (palette: Palette, series: number): string =>
  [palette.series1, palette.series2, palette.series3, palette.series4, palette.series5, palette.series6][series % 6]

const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3]]

/** Also neighbours differ in more than colour. */
export const lineDash = (series: number): readonly number[] => DASHES[(series + Math.floor(series / 6)) % DASHES.length]
