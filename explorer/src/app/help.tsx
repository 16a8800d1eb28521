/** Keys, colours and words. */
import { Dialog } from '../ui/index.ts'

const KEYS: readonly (readonly [keys: string, where: string, does: string])[] = [
  ['Space', 'page, graph, player', 'play or pause; at the end, start again'],
  ['K', 'outside text', 'play or pause'],
  ['.  ,', 'outside text', 'next step, previous step'],
  ['←  →  Home  End  PgUp  PgDn', 'step slider', 'one step, first and last, ten steps'],
  ['Tab', 'graph', 'one stop in, one stop out'],
  ['→  ←', 'graph', 'to what reads the node, to its inputs'],
  ['↑  ↓', 'graph', 'to a neighbour'],
  ['Enter  Esc', 'graph', 'open a scope or the derivation; clear the selection'],
  ['[  ]', 'graph', 'previous and next edge of the node'],
  ['Shift + Enter', 'graph', 'close the scope of the node'],
  ['+  -  0  f', 'graph', 'zoom in, out, to 100 %, to fit'],
  ['/', 'outside text', 'search'],
  ['t', 'outside text', 'graph or table'],
  ['p', 'outside text', 'paths'],
  ['g', 'outside text', 'go to a source line'],
  ['Delete  double click', 'slider', 'back to where it started'],
  ['Ctrl or Cmd + Enter', 'editor', 'run'],
  ['Esc, then Tab', 'editor', 'leave it'],
  ['Ctrl or Cmd + S', 'editor', 'copy the link'],
  ['?', 'outside text', 'this help'],
]

const WORDS: readonly (readonly [word: string, means: string])[] = [
  ['value', 'What forward computed for a node.'],
  ['gradient ∂L/∂u', 'How fast L changes when u does. A dash says that backward has not been there: it is not 0.'],
  ['local derivative', 'How fast one operation changes when one of its inputs does, everything else held fast.'],
  ['contribution', 'What backward sends along an edge: the gradient behind it times its local derivative.'],
  ['chain rule', 'Factors along a path are multiplied, and the products of all paths are added.'],
  ['seed', 'Where backward starts: ∂L/∂L = 1.'],
  ['parameter', 'A number that training may change.'],
  ['scope', 'A module or function in which operations ran; it can be closed to one box.'],
]

export function Help({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Help" onClose={onClose}>
      <h3>How to read it</h3>
      <p>
        Values flow along the arrows. Then backward starts at the loss with the gradient 1 and goes back against them:
        at each arrow it multiplies by the local derivative, and where arrows meet it adds.
      </p>
      <h3>Keys</h3>
      <table className="help-keys">
        <tbody>
          {KEYS.map(([keys, where, does]) => (
            <tr key={keys}>
              <th scope="row">
                {keys.split('  ').map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </th>
              <td>{does}</td>
              <td className="quiet">{where}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>Colours</h3>
      <Legend />
      <h3>Words</h3>
      <dl className="words">
        {WORDS.map(([word, means]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{means}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}

const Legend = () => (
  <ul className="legend">
    <li>
      <span className="swatch swatch-positive" /> positive contribution: solid line, written with +
    </li>
    <li>
      <span className="swatch swatch-negative" /> negative contribution: dashed line, written with -
    </li>
    <li>
      <span className="swatch swatch-zero" /> zero: thin line, written 0
    </li>
    <li>
      <span className="swatch swatch-accent" /> what you selected
    </li>
    <li>
      <span className="num num-bad">NaN</span> not a finite number
    </li>
  </ul>
)
