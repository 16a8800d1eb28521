/** A program that has run forward and no further: what is missing, and a button that adds it where the text is at hand. */
import type { Trace } from 'chainrule/explain'
import { missing } from '../code/backward.ts'
import { useExplorer } from '../model/store.ts'
import { Button } from '../ui/index.ts'

export function ForwardOnly({ trace }: { trace: Trace }) {
  const isOwn = useExplorer(({ session }) => session?.origin === 'code')
  const { line, isSafe } = missing(trace)
  const run = async () => (await import('../code/program.ts')).runWith(line)
  return (
    <div className="notice notice-info" role="status">
      <span>
        <code>backward()</code> has not run, so no gradient is known. End the program with <code>{line}</code>.
      </span>
      {isOwn && isSafe && <Button onClick={() => void run()}>Run backward</Button>}
    </div>
  )
}
