/** Which script is watched, and how that goes. Its sign differs in form, not in colour alone. */
import { useEffect } from 'react'
import { type Connection, connect, useConnection } from '../code/script/connection.ts'

type Status = 'connecting' | 'running' | 'connected' | 'missing' | 'stale' | 'gone' | 'other'

const SAYS: Record<Status, { readonly sign: string; readonly text: string }> = {
  connecting: { sign: '○', text: 'connecting' },
  running: { sign: '◐', text: 'running' },
  connected: { sign: '●', text: 'connected' },
  missing: { sign: '▲', text: 'file gone: viewing the last trace' },
  stale: { sign: '▲', text: 'stale: the last run gave no graph' },
  gone: { sign: '✕', text: 'disconnected: viewing the last trace' },
  other: { sign: '✕', text: 'disconnected: viewing the last trace' },
}

function statusOf({ state, running, missing, stale }: Connection): Status | null {
  if (state === 'none') return null
  if (state !== 'connected') return state
  return running ? 'running' : missing !== null ? 'missing' : stale ? 'stale' : 'connected'
}

/** Nothing where the page does not come from the command. */
export function ScriptStatus() {
  const connection = useConnection()
  const status = statusOf(connection)
  useEffect(() => {
    if (status !== null) connect()
  }, [status])
  if (status === null) return null
  const { sign, text } = SAYS[status]
  const { script } = connection
  const [, folder, file] = /^(.*\/)?(.*)$/s.exec(script ?? '')!
  return (
    <p className={`script-status script-status-${status}`} role="status" title={script ? `${script}: ${text}` : text}>
      <span aria-hidden="true">{sign}</span>{' '}
      <span className="script-name">
        <span className="script-folder">{folder}</span>
        <span className="script-file">{file}</span>
      </span>{' '}
      <span className="script-says">{text}</span>
    </p>
  )
}
