/** The start page: a neuron that is already computed, to be moved at once, and below it everything else there is. */

import { ViewFrame } from './view-frame.tsx'
import { FIRST, GROUPS, hrefOf, viewAt, views } from './views.ts'

export function Start() {
  const first = viewAt(FIRST)
  return (
    <div className="start">
      <header className="start-head">
        <h1>Watch the chain rule happen</h1>
        <p>
          Below, one neuron has computed its loss <i>L</i>, forward. Then backward has asked each number: how much does{' '}
          <i>L</i> change when you change? Press <kbd>Space</kbd> to see it step by step, or move <i>w</i>.
        </p>
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
