/** Around a view: a skeleton until its code is there, and a way out when it breaks. */
import { Component, type ReactNode, Suspense } from 'react'
import type { View } from '../model/view.ts'
import { Button } from '../ui/index.ts'
import { openView } from '../url/index.ts'
import { componentOf, FIRST, forget, hrefOf } from './views.ts'

export function ViewFrame({ view }: { view: View }) {
  const Shown = componentOf(view)
  return (
    <Boundary view={view}>
      <Suspense fallback={<Skeleton title={view.title} />}>
        <Shown />
      </Suspense>
    </Boundary>
  )
}

const Skeleton = ({ title }: { title: string }) => (
  <div className="skeleton" role="status">
    <div className="skeleton-pane" />
    <div className="skeleton-centre">Tracing {title} …</div>
    <div className="skeleton-pane" />
  </div>
)

interface Broken {
  readonly error: Error | null
}

class Boundary extends Component<{ view: View; children: ReactNode }, Broken> {
  override state: Broken = { error: null }

  static getDerivedStateFromError(error: Error): Broken {
    return { error }
  }

  override render(): ReactNode {
    const { error } = this.state
    const { view, children } = this.props
    if (!error) return children
    const again = () => {
      forget(view)
      openView(view.path)
    }
    return (
      <div className="broken" role="alert">
        <h1>{view.title} has stopped</h1>
        <p>{error.message}</p>
        <Button tone="main" onClick={again}>
          Start it anew
        </Button>
      </div>
    )
  }
}

export const Missing = ({ path }: { path: string }) => (
  <div className="broken" role="alert">
    <h1>There is no view “{path}”</h1>
    <p>
      The link may be damaged. See <a href={hrefOf('')}>all views</a>, or start with{' '}
      <a href={hrefOf(FIRST)}>one neuron</a>.
    </p>
  </div>
)
