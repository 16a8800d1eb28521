/**
 * The source of a program made to tell an observer what it computes: the name, line and column of every value that it
 * assigns, and where its loops begin, repeat and end. It is parsed, text is put in, and no line moves, so that lines in
 * stack traces stay right. What the program does stays the same; without an observer it only runs.
 */
import { checkOptions } from '../../errors/index.ts'
import { Edits } from './edits.ts'
import { Lines, type Position } from './lines.ts'
import { isLoop, weaveLoop } from './loops.ts'
import { type NamedPlace, nameRules, type Weave } from './names.ts'
import { type Parsed, parseModule } from './parse.ts'
import { firstStatement, type Place, walk } from './tree.ts'

export interface InstrumentOptions {
  /** What the observer and messages call the program: the path of its file. */
  readonly path: string
  /** Whether the source is TypeScript; by default the ending of the path tells. */
  readonly typescript?: boolean
}

export interface Instrumented {
  /** The program to run: an ES module of as many lines as the source. */
  readonly code: string
  /** What the observer will be told about, in the order of the source. */
  readonly names: readonly NamedPlace[]
  /** The place in the source of a place in the code, such as one in a stack trace. */
  readonly original: (position: Position) => Position
}

/**
 * Makes a program (an ES module in JavaScript or TypeScript) tell the observer what it does. Lines and columns, from 1,
 * are those of the source. The observer is looked for at each call, as `globalThis[Symbol.for('chainrule.observer')]`.
 *
 * ```ts
 * instrument('const y = w.mul(x)', { path: 'model.ts' }).code
 * // function $(){…}const y = $().name(w.mul(x),"y",1,7)
 * ```
 *
 * @throws FormatError with path:line:column, the line and a caret where the syntax is wrong; its `place` says it again.
 * @example instrument('const y = 2', { path: 'a.js' }).names // [{ name: 'y', line: 1, column: 7 }]
 */
export function instrument(source: string, options: InstrumentOptions): Instrumented {
  checkOptions('instrument', options, ['path', 'typescript'])
  const { path, typescript } = options
  const parsed = parseModule(source, path, typescript)
  const { program, original } = parsed
  const { edits, observer, names } = weave(parsed)
  const first = firstStatement(program.body)
  if (first && !edits.isEmpty) edits.first(first.start, prelude(observer, path))
  const { text, unedited } = edits.apply()
  return {
    code: text,
    names: names.sort((a, b) => a.line - b.line || a.column - b.column),
    original: (position) => original(unedited(position)),
  }
}

function weave({ program, words, code, original, isOriginal }: Parsed): Weave {
  const lines = new Lines(code)
  const weave: Weave = {
    edits: new Edits(code),
    observer: unusedName(words),
    names: [],
    position: (offset) => original(lines.position(offset)),
    isOriginal: (offset) => isOriginal(lines.position(offset)),
  }
  walk(program, (place) => {
    if (isLoop(place)) weaveLoop(weave, place)
    else (nameRules[place.node.type] as ((weave: Weave, place: Place) => void) | undefined)?.(weave, place)
  })
  return weave
}

function unusedName(words: ReadonlySet<string>): string {
  let name = '$'
  for (let i = 1; words.has(name); i++) name = `$${i}`
  return name
}

/**
 * The function that finds the observer. It is hoisted, so that functions which are called before the module's own code
 * has run, as happens in circular imports, find it too; what it keeps, it keeps on itself.
 */
const prelude = ($: string, path: string): string =>
  `function ${$}(){const o=globalThis[${$}.s??=Symbol.for("chainrule.observer")];if(o!==${$}.o||!${$}.f){${$}.o=o;` +
  `${$}.f=o?.file(${JSON.stringify(path)})??{name:(v)=>v,loop(){},iteration(){},endLoop(){}}}return ${$}.f}`
