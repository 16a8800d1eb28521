/** The editor: CodeMirror with TypeScript, in the colours of the page. Loaded when it is first needed. */
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { javascript } from '@codemirror/lang-javascript'
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { type Diagnostic, setDiagnostics } from '@codemirror/lint'
import { EditorState, type Extension, type StateEffect } from '@codemirror/state'
import { drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import type { Problem } from '../protocol.ts'
import { type Marks, marks, setMarks } from './marks.ts'
import './editor.css'

interface EditorOptions {
  readonly parent: HTMLElement
  readonly text: string
  readonly readOnly?: boolean
  readonly label: string
  readonly onChange: (text: string) => void
  readonly onRun: () => void
  readonly onSave: () => void
  readonly onLine: (line: number) => void
}

const highlight = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], class: 'tok-keyword' },
  { tag: [tags.string, tags.regexp, tags.special(tags.string)], class: 'tok-string' },
  { tag: [tags.number, tags.bool, tags.null], class: 'tok-number' },
  { tag: tags.comment, class: 'tok-comment' },
  { tag: [tags.typeName, tags.className], class: 'tok-type' },
])

function extensions({ readOnly, label, onChange, onRun, onSave, onLine }: EditorOptions): Extension {
  const does = (act: () => void) => () => {
    act()
    return true
  }
  return [
    keymap.of([
      { key: 'Mod-Enter', run: does(onRun) },
      { key: 'Mod-s', run: does(onSave) },
    ]),
    marks(onLine),
    lineNumbers(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    // Beside the gutter of facts the ends of lines would be hidden.
    EditorView.lineWrapping,
    indentOnInput(),
    indentUnit.of('  '),
    bracketMatching(),
    closeBrackets(),
    autocompletion(),
    javascript({ typescript: true }),
    syntaxHighlighting(highlight),
    keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, indentWithTab]),
    EditorState.readOnly.of(readOnly ?? false),
    EditorView.contentAttributes.of({
      'aria-label': label,
      tabindex: '0',
      'aria-description': readOnly
        ? 'To read only. Press Escape and then Tab to leave the text.'
        : 'Press Escape and then Tab to leave the editor. Control or Command and Enter runs the program, with S it copies a link to it.',
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onChange(update.state.doc.toString())
    }),
  ]
}

/** An editor in the page, and what can be told to it. */
export class Editor {
  readonly #view: EditorView
  #selected: number | null = null

  constructor(options: EditorOptions) {
    const state = EditorState.create({ doc: options.text, extensions: extensions(options) })
    this.#view = new EditorView({ state, parent: options.parent })
  }

  /** Another text; one that is the same already leaves the cursor where it is. */
  setText(text: string): void {
    const { doc } = this.#view.state
    if (text === doc.toString()) return
    this.#view.dispatch({ changes: { from: 0, to: doc.length, insert: text } })
  }

  setMarks(shown: Marks): void {
    const { doc } = this.#view.state
    const effects: StateEffect<unknown>[] = [setMarks.of(shown)]
    // What is selected in the graph comes into view; whoever is at work in the text is not disturbed.
    if (shown.selected !== this.#selected && shown.selected !== null && !this.#view.hasFocus)
      effects.push(EditorView.scrollIntoView(doc.line(Math.min(shown.selected, doc.lines)).from))
    this.#selected = shown.selected
    this.#view.dispatch({ effects })
  }

  setProblem(problem: Problem | null): void {
    this.#view.dispatch(setDiagnostics(this.#view.state, this.#diagnostics(problem)))
  }

  #diagnostics(problem: Problem | null): Diagnostic[] {
    const { doc } = this.#view.state
    if (problem?.line === undefined || problem.line > doc.lines) return []
    const line = doc.line(problem.line)
    const from = Math.min(line.from + (problem.column ?? 1) - 1, line.to)
    return [{ from, to: line.to, severity: 'error', message: problem.message }]
  }

  /** Puts the cursor on a line and brings it into view. */
  go(line: number, column = 1): void {
    const { doc } = this.#view.state
    const at = doc.line(Math.max(1, Math.min(line, doc.lines)))
    this.#view.dispatch({ selection: { anchor: Math.min(at.from + column - 1, at.to) }, scrollIntoView: true })
    this.#view.focus()
  }

  dispose(): void {
    this.#view.destroy()
  }
}
