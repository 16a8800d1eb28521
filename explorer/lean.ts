/**
 * What the page's build leaves out, because no bundler can know that it is never run. Programs that run in the page itself
 * are small, and those of the reader run in workers, which are built without this: what makes large operations fast is only
 * there. Methods of the library that write files and texts are left out as well.
 */
import type { Plugin } from 'vite'

interface Spared {
  readonly module: RegExp
  /** Who asks for it; others get the module itself. */
  readonly by: RegExp
  readonly instead: string
}

/** Names of what the library can write, and the page does not ask for: it has its own pictures and formulas. */
const unasked = (...names: readonly string[]): string =>
  names.map((name) => `export const ${name} = () => { throw new Error('${name} is not in the page') }`).join('\n')

const SPARED: readonly Spared[] = [
  {
    // Each says whether it has done the work; where it has not, JavaScript does.
    module: /\/wasm\/eager\/(elementwise|overlap-add|products|reduce)\.js$/,
    by: /\/backends\/js\//,
    instead: `const never = () => false
      export { never as addInWasm, never as multiplyInWasm, never as reduceInWasm, never as runOnWasm }`,
  },
  {
    // No browser has a BLAS.
    module: /\/blas\/blas\.js$/,
    by: /\/backends\/js\//,
    instead: 'export const findBlas = () => undefined',
  },
  {
    module: /^\.\/(html|markdown|tex|text)\.js$/,
    by: /\/explain\/render\/document\.js$/,
    instead: unasked('renderHtml', 'renderMarkdown', 'renderTex', 'renderText'),
  },
  {
    module: /\/draw\/(dot|svg)\.js$/,
    by: /\/explain\/(explanation|record)\//,
    instead: unasked('pictureToDot', 'pictureToSvg'),
  },
  // The graph moves without transitions: there are none to interrupt, and nothing is between two states.
  {
    module: /^d3-transition$/,
    by: /\/d3-zoom\//,
    instead: `import { selection } from 'd3-selection'
      selection.prototype.interrupt = function () { return this }
      export const interrupt = () => {}`,
  },
  {
    module: /^d3-interpolate$/,
    by: /\/d3-zoom\//,
    instead: unasked('interpolateZoom'),
  },
]

/** Puts next to nothing in the place of what the page never runs. */
export function lean(): Plugin {
  const PREFIX = '\0lean:'
  return {
    name: 'lean',
    apply: 'build',
    enforce: 'pre',
    resolveId(source, importer = '') {
      const at = SPARED.findIndex(({ module, by }) => module.test(source) && by.test(importer))
      return at < 0 ? null : { id: `${PREFIX}${at}`, moduleSideEffects: true }
    },
    load(id) {
      return id.startsWith(PREFIX) ? SPARED[Number(id.slice(PREFIX.length))].instead : null
    },
  }
}
