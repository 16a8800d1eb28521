/** A program that computed nothing that could be traced: what one looks like that does. */

import { Button } from '../ui/index.ts'
import { openCode } from '../url/index.ts'

const EXAMPLE = `import { tensor } from 'chainrule'

const x = tensor(2, { requiresGrad: true })
const y = x.square().add(1)
y.backward()
console.log(x.grad)
`

export function Empty() {
  return (
    <div className="empty">
      <h2>No tensor was computed that has a gradient</h2>
      <p>
        The program ran, but none of its operations had a tensor with <code>requiresGrad: true</code> to work on. One
        that has:
      </p>
      <pre>
        <code>{EXAMPLE}</code>
      </pre>
      <Button tone="main" onClick={() => void openCode(EXAMPLE)}>
        Open in the editor
      </Button>
    </div>
  )
}
