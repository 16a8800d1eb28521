/**
 * Pictures: a graph as nodes and edges (`graph.ts`), where they stand (`layout.ts`), fewer of them (`collapse.ts`), and
 * how they are written (`svg.ts`, `dot.ts`); charts (`chart.ts`); and the colours of all of these (`theme.ts`).
 */
export * from './chart.ts'
export { type CollapseOptions, collapse } from './collapse.ts'
export { pictureToDot } from './dot.ts'
export type { Picture, PictureEdge, PictureNode, Role, Sign } from './graph.ts'
export * from './layout.ts'
export { measured } from './measure.ts'
export { routePath } from './svg/parts.ts'
export { pictureToSvg, type SvgOptions } from './svg.ts'
export {
  type Colour,
  dark as darkPalette,
  light as lightPalette,
  type Palette,
  type Theme,
  themeStyle,
} from './theme.ts'
