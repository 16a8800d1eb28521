/** A program that computed nothing that could be traced: what one looks like that does. */

import { Button } from '../ui/index.ts'
import { openCode } from '../url/index.ts'

const EXAMPLE = `import { tensor } from 'chainrule'

const x = tensor(2, { requiresGrad: true })
const y = x.square().add(1)
y.backward()
console.log(x.grad)
`

/** @param unrecorded how many operations ran that no derivative can go through. */
export function Empty({ unrecorded }: { readonly unrecorded: number }) {
  return (
    <div className="empty">
      <h2>No tensor was computed that has a gradient</h2>
      <p>
        {unrecorded > 0 ? (
          <>
            The program ran, and {unrecorded === 1 ? '1 operation was seen' : `${unrecorded} operations were seen`}, but
            without gradients: on tensors without <code>requiresGrad: true</code>, or inside of <code>noGrad</code>. One
            with gradients:
          </>
        ) : (
          <>
            The program ran, and no operation on tensors was seen. One that has some, on a tensor with{' '}
            <code>requiresGrad: true</code>:
          </>
        )}
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
