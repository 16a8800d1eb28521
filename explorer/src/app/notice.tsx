/** What the session has to say for itself: an error, a warning, that backward has not run. */
import { SCRIPT } from '../code/script/connection.ts'
import { type State, update, useExplorer } from '../model/store.ts'
import { Button } from '../ui/index.ts'
import { ForwardOnly } from './forward-only.tsx'

export function Notice() {
  const notice = useExplorer((state) => state.notice)
  const session = useExplorer((state) => state.session)
  const trace = session?.trace
  return (
    <>
      {notice && <Said notice={notice} />}
      {trace && trace.dropped > 0 && (
        <div className="notice notice-warning" role="status">
          <span>
            The first {trace.nodes.length} nodes are kept. {trace.dropped} more operations ran; search and table do not
            have them.
            {session?.origin === SCRIPT && (
              <>
                {' '}
                <code>--max-nodes</code> keeps more.
              </>
            )}
          </span>
        </div>
      )}
      {!notice && trace && trace.nodes.length > 0 && trace.calls.length === 0 && <ForwardOnly trace={trace} />}
    </>
  )
}

const Said = ({ notice }: { notice: NonNullable<State['notice']> }) => (
  <div className={`notice notice-${notice.tone}`} role={notice.tone === 'bad' ? 'alert' : 'status'}>
    <span>{notice.text}</span>
    <Button tone="quiet" says="Close the message" onClick={() => update({ notice: null })}>
      ✕
    </Button>
  </div>
)
