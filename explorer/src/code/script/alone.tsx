/** In the place of a graph, where the page was opened without a script: how one is brought here. */
import type { Connection } from './connection.ts'

export const isAlone = ({ state, script }: Connection): boolean =>
  state === 'none' || (state === 'connected' && script === null)

export const Alone = () => (
  <div className="empty" role="status">
    <h2>Here your own script is shown</h2>
    <p>
      Run <code>npx chainrule explore model.ts</code>, or in a clone of the project{' '}
      <code>npm run explore -- model.ts</code>.
    </p>
    <p>
      To try something at once, write it <a href="#/code">in the page</a>.
    </p>
  </div>
)
