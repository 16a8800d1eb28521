/** The selected node as the trace has it. */
import { Button, toast } from '../ui/index.ts'
import type { TabProps } from './inspector.tsx'

/** Longer texts would make the page slow; copying gives all of it. */
const MOST = 20_000

export function RawTab({ session, element }: TabProps) {
  const text = JSON.stringify(session.trace.nodes[element.node], null, 2)
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => toast('info', 'The JSON was copied.'),
      () => toast('warning', 'The browser did not allow copying. Select the text instead.'),
    )
  return (
    <>
      <Button onClick={() => void copy()}>Copy</Button>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys */}
      <pre className="raw" tabIndex={0}>
        {text.length > MOST ? `${text.slice(0, MOST)}\n… ${text.length - MOST} more characters` : text}
      </pre>
    </>
  )
}
