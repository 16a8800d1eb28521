/** The link to what is shown. A program that is too long for a link is offered as a file instead, never cut off. */
import { useState } from 'react'
import { SCRIPT } from '../code/script/connection.ts'
import { useExplorer } from '../model/store.ts'
import { Button, Dialog } from '../ui/index.ts'
import { currentLink } from '../url/index.ts'
import { copyLink, LONGEST_LINK, saveTrace, shareUrl } from './share.ts'

export function ShareDialog({ onClose }: { onClose: () => void }) {
  const [url] = useState(() => shareUrl(currentLink()))
  const session = useExplorer((state) => state.session)
  const [copied, setCopied] = useState(false)
  const long = url.length > LONGEST_LINK
  return (
    <Dialog title="Share what you see" onClose={onClose}>
      {long ? (
        <p>
          The link would have {url.length} characters, more than the {LONGEST_LINK} that programs surely pass on. Take
          the recorded program as a file instead.
        </p>
      ) : (
        <>
          {session?.origin === SCRIPT ? (
            <p>
              The link says which step and value are looked at. The script and its numbers are not in it: it opens where
              the same script is explored. The file has the recorded program with all its numbers.
            </p>
          ) : (
            <p>The link opens this view with its numbers, step, selection and theme.</p>
          )}
          <label className="share-link">
            Link <input type="text" readOnly value={url} onFocus={(event) => event.target.select()} />
          </label>
        </>
      )}
      <div className="dialog-actions">
        {!long && (
          <Button tone="main" onClick={() => copyLink(url).then(setCopied)}>
            {copied ? 'Copied' : 'Copy link'}
          </Button>
        )}
        {session && <Button onClick={() => saveTrace(session.trace)}>Download .json</Button>}
      </div>
    </Dialog>
  )
}
