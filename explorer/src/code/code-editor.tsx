/** The editor as a part of the page. Until it is loaded the text stands there as it is. */
import { useEffect, useRef, useState } from 'react'
import type { Marks } from './editor/marks.ts'
import type { Editor } from './editor/setup.ts'
import type { Problem } from './protocol.ts'

interface CodeEditorProps {
  readonly text: string
  readonly label: string
  readonly readOnly?: boolean
  readonly marks: Marks
  readonly problem: Problem | null
  readonly onChange: (text: string) => void
  readonly onRun: () => void
  readonly onSave: () => void
  readonly onLine: (line: number) => void
  /** Is given what brings a line into view. */
  readonly onReady?: (go: (line: number, column?: number) => void) => void
}

export function CodeEditor(props: CodeEditorProps) {
  const parent = useRef<HTMLDivElement>(null)
  const latest = useRef(props)
  latest.current = props
  const [editor, setEditor] = useState<Editor | null>(null)
  useEffect(() => {
    let made: Editor | null = null
    let here = true
    import('./editor/setup.ts').then(({ Editor }) => {
      if (!here || !parent.current) return
      const { text, label, readOnly } = latest.current
      made = new Editor({
        parent: parent.current,
        text,
        label,
        readOnly,
        onChange: (changed) => latest.current.onChange(changed),
        onRun: () => latest.current.onRun(),
        onSave: () => latest.current.onSave(),
        onLine: (line) => latest.current.onLine(line),
      })
      const ready = made
      setEditor(ready)
      latest.current.onReady?.((line, column) => ready.go(line, column))
    })
    return () => {
      here = false
      made?.dispose()
    }
  }, [])
  const { text, marks, problem } = props
  useEffect(() => editor?.setText(text), [editor, text])
  useEffect(() => editor?.setMarks(marks), [editor, marks])
  useEffect(() => editor?.setProblem(problem), [editor, problem])
  return (
    <div className="code-editor" ref={parent}>
      {!editor && <pre className="code-plain">{text}</pre>}
    </div>
  )
}
