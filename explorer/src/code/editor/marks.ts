/**
 * What the editor shows beside and behind the text: how often each line has run, its last value and gradient, the line
 * that the step is about, and the place of a problem. All of it comes as one state from outside.
 */
import { type Extension, RangeSet, RangeSetBuilder, StateEffect, StateField } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, GutterMarker, gutter } from '@codemirror/view'

export interface LineMark {
  readonly line: number
  /** `3×  0.7311  ∇ -0.5379`. */
  readonly text: string
  /** The same in words. */
  readonly says: string
}

export interface Marks {
  readonly lines: readonly LineMark[]
  readonly current: number | null
  /** The line of the value that is selected in the graph. */
  readonly selected: number | null
  readonly problem: number | null
}

export const setMarks = StateEffect.define<Marks>()

class Text extends GutterMarker {
  readonly mark: LineMark

  constructor(mark: LineMark) {
    super()
    this.mark = mark
  }

  override eq(other: Text): boolean {
    return other.mark.text === this.mark.text
  }

  override toDOM(): Node {
    const span = document.createElement('span')
    span.textContent = this.mark.text
    span.title = this.mark.says
    return span
  }
}

class Arrow extends GutterMarker {
  override toDOM(): Node {
    const span = document.createElement('span')
    span.textContent = '▶'
    span.title = 'the line of this step'
    return span
  }
}

/** Keeps the arrow's gutter from appearing and going. */
class Space extends GutterMarker {
  override toDOM(): Node {
    return document.createTextNode('▶')
  }
}

const arrow = new Arrow()

interface Shown {
  readonly background: DecorationSet
  readonly facts: RangeSet<GutterMarker>
  readonly arrows: RangeSet<GutterMarker>
}

const nothing: Shown = { background: Decoration.none, facts: RangeSet.empty, arrows: RangeSet.empty }

const field = StateField.define<Shown>({
  create: () => nothing,
  update(shown, transaction) {
    for (const effect of transaction.effects) if (effect.is(setMarks)) return read(effect.value, transaction.state.doc)
    if (!transaction.docChanged) return shown
    const { changes } = transaction
    return {
      background: shown.background.map(changes),
      facts: shown.facts.map(changes),
      arrows: shown.arrows.map(changes),
    }
  },
  provide: (f) => EditorView.decorations.from(f, ({ background }) => background),
})

type Doc = EditorView['state']['doc']

function read({ lines, current, selected, problem }: Marks, doc: Doc): Shown {
  const exists = (line: number | null): line is number => line !== null && line >= 1 && line <= doc.lines
  const facts = new RangeSetBuilder<GutterMarker>()
  for (const mark of lines.toSorted((a, b) => a.line - b.line))
    if (exists(mark.line)) facts.add(doc.line(mark.line).from, doc.line(mark.line).from, new Text(mark))
  const behind = [
    ...(exists(current) ? [{ line: current, name: 'code-current' }] : []),
    ...(exists(selected) ? [{ line: selected, name: 'code-selected' }] : []),
    ...(exists(problem) ? [{ line: problem, name: 'code-wrong' }] : []),
  ]
  return {
    background: Decoration.set(
      behind.map(({ line, name }) => Decoration.line({ class: name }).range(doc.line(line).from)),
      true,
    ),
    facts: facts.finish(),
    arrows: exists(current) ? RangeSet.of(arrow.range(doc.line(current).from)) : RangeSet.empty,
  }
}

/** The two gutters; a click on either, or on the text, tells the line. */
export function marks(onLine: (line: number) => void): Extension {
  const domEventHandlers = {
    click(view: EditorView, { from }: { readonly from: number }): boolean {
      onLine(view.state.doc.lineAt(from).number)
      return true
    },
  }
  const clicked = EditorView.domEventHandlers({
    click(event, view) {
      const at = view.posAtCoords({ x: event.clientX, y: event.clientY })
      if (at !== null && view.state.selection.main.empty) onLine(view.state.doc.lineAt(at).number)
    },
  })
  return [
    field,
    clicked,
    gutter({
      class: 'code-arrows',
      markers: (view) => view.state.field(field).arrows,
      initialSpacer: () => new Space(),
      domEventHandlers,
    }),
    gutter({ class: 'code-facts', side: 'after', markers: (view) => view.state.field(field).facts, domEventHandlers }),
  ]
}
