/** A program that computed nothing that could be traced: what one looks like that does. */

import { Button } from '../ui/index.ts'
import { openView, packSource } from '../url/index.ts'

const EXAMPLE = `import { tensor } from 'chainrule'

const x = tensor(2, { requiresGrad: true })
const y = x.square().add(1)
y.backward()
console.log(x.grad)
`

export function Empty() {
  const open = async () => openView('code', { src: await packSource(EXAMPLE) })
  return (
    <div className="empty">
      <h2>No tensor was computed</h2>
      <p>The program ran, but no operation on a tensor was seen. One that shows something:</p>
      <pre>
        <code>{EXAMPLE}</code>
      </pre>
      <Button tone="main" onClick={open}>
        Open in the editor
      </Button>
    </div>
  )
}
