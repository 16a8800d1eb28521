/** The start page: a neuron that is already computed, to be moved at once, and below it everything else there is. */
import { seek } from '../model/store.ts'
import { Button } from '../ui/index.ts'
import { ViewFrame } from './view-frame.tsx'
import { FIRST, GROUPS, hrefOf, viewAt, views } from './views.ts'

/** From the first step on, wherever the player stands, and in sight. */
function replay(): void {
  document.querySelector('.start-bench')?.scrollIntoView({ block: 'nearest' })
  seek(0, true)
}

export function Start() {
  const first = viewAt(FIRST)
  return (
    <div className="start">
      <header className="start-head">
        <h1>Watch the chain rule happen</h1>
        <p className="start-lead">
          A network learns by asking each of its numbers: if you change a little, how much does the loss <i>L</i>{' '}
          change? That answer is the gradient. Below, one neuron has worked out all of its own. Move <i>w</i>, or see
          where they come from:
        </p>
        <div className="start-actions">
          <Button tone="main" onClick={replay}>
            Play it step by step
          </Button>
          <a className="button button-plain" href={hrefOf('learn/tour')}>
            Take the tour
          </a>
          <a className="button button-plain" href={hrefOf('code')}>
            Run your own code
          </a>
        </div>
      </header>
      {first && (
        <div className="start-bench">
          <ViewFrame view={first} />
        </div>
      )}
      <nav className="start-views" aria-label="All views">
        {GROUPS.map((group) => {
          const own = views.filter((view) => view.group === group)
          return (
            own.length > 0 && (
              <section key={group}>
                <h2>{group}</h2>
                <ul>
                  {own.map((view) => (
                    <li key={view.path}>
                      <a href={hrefOf(view.path)}>{view.title}</a>
                      <p>{view.about}</p>
                    </li>
                  ))}
                </ul>
              </section>
            )
          )
        })}
      </nav>
    </div>
  )
}
