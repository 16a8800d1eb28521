/** What is special about each playground, told from its trace. */
import type { Trace } from 'chainrule/explain'
import type { ReactNode } from 'react'
import { update } from '../../model/store.ts'
import { Num } from '../../ui/number.tsx'
import { type Found, gradientAt, localAt, nodeNamed, operand, valueAt } from './read.ts'

interface FactorRow {
  readonly of: string
  readonly wrt: string
  readonly value: Found
  readonly means: string
}

/** ∂L/∂a, ∂a/∂z and ∂z/∂w: the three questions along the way from L to w. */
export function NeuronNotes({ trace }: { trace: Trace }) {
  const [a, z] = ['a', 'z'].map((name) => nodeNamed(trace, name))
  const slope = localAt(a)
  const product = operand(trace, z)
  const factors: readonly FactorRow[] = [
    { of: 'L', wrt: 'a', value: gradientAt(a), means: 'how much the loss minds the output' },
    { of: 'a', wrt: 'z', value: slope, means: 'how far the gate is open' },
    { of: 'z', wrt: 'w', value: localAt(product), means: 'what w is multiplied by: x' },
    { of: 'z', wrt: 'b', value: localAt(z, 1), means: 'b counts once' },
  ]
  return (
    <section className="notes" aria-label="The factors">
      <h3>The factors</h3>
      <table>
        <tbody>
          {factors.map(({ of, wrt, value, means }) => (
            <tr key={of + wrt}>
              <th scope="row">
                ∂{of}/∂{wrt}
              </th>
              <td>
                <Num value={value} />
              </td>
              <td className="means">{means}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Gate name="a" slope={slope} />
    </section>
  )
}

/** Whether anything gets through an activation at all. */
function Gate({ name, slope }: { name: string; slope: Found }) {
  if (slope === null) return null
  const shut = slope === 0
  return (
    <p className={shut ? 'gate gate-shut' : 'gate'}>
      {shut ? '✕ Gate closed: ' : '✓ Gate open: '}
      {shut
        ? `∂${name}/∂z is 0, so nothing reaches w and b, however wrong the output is.`
        : `∂${name}/∂z lets the gradient through.`}
    </p>
  )
}

/** The factor that all gradients of a neuron share, and the one that each has for itself. */
export function DeltaNotes({ trace }: { trace: Trace }) {
  const z = nodeNamed(trace, 'z')
  const delta = gradientAt(z)
  const own: readonly (readonly [string, string])[] = [
    ['w1', 'a1'],
    ['w2', 'a2'],
    ['a1', 'w1'],
    ['a2', 'w2'],
  ]
  return (
    <section className="notes" aria-label="The shared factor">
      <h3>The shared factor</h3>
      <p className="delta">
        <button
          type="button"
          className="link-button"
          onClick={() => z && update({ selected: { node: z.id, index: 0 } })}
        >
          δ = ∂L/∂z
        </button>{' '}
        = <Num value={delta} />
      </p>
      <table>
        <tbody>
          {own.map(([name, by]) => (
            <tr key={name}>
              <th scope="row">∂L/∂{name}</th>
              <td className="product">
                <Mark>δ</Mark> · {by} ={' '}
                <Mark>
                  <Num value={delta} />
                </Mark>{' '}
                × <Num value={valueAt(nodeNamed(trace, by))} />
              </td>
              <td>
                <Num value={gradientAt(nodeNamed(trace, name))} />
              </td>
            </tr>
          ))}
          <tr>
            <th scope="row">∂L/∂b</th>
            <td className="product">
              <Mark>δ</Mark>
            </td>
            <td>
              <Num value={gradientAt(nodeNamed(trace, 'b'))} />
            </td>
          </tr>
        </tbody>
      </table>
      <p className="hint">δ is computed once and used five times. That is why one backward pass is enough.</p>
    </section>
  )
}

const Mark = ({ children }: { children: ReactNode }) => <span className="shared">{children}</span>

/** What happens between the logit and the loss, and where floating point ends it. */
export function CrossEntropyNotes({ trace }: { trace: Trace }) {
  const [z, p, y, L] = ['z', 'p', 'y', 'L'].map((name) => nodeNamed(trace, name))
  const [at, label] = [valueAt(p), valueAt(y)]
  return (
    <section className="notes" aria-label="Sigmoid and cross-entropy">
      <h3>Sigmoid and cross-entropy</h3>
      <table>
        <tbody>
          {p && (
            <>
              <Row name="p = σ(z)" value={at} />
              <Row name="∂L/∂p" value={gradientAt(p)} />
              <Row name="∂p/∂z" value={localAt(p)} />
            </>
          )}
          <Row name="∂L/∂z" value={gradientAt(z)} />
          <Row name="L" value={valueAt(L)} />
        </tbody>
      </table>
      <Cancelling p={at} label={label} slope={gradientAt(z)} loss={valueAt(L)} />
    </section>
  )
}

/** Rounding leaves less than this of a difference of p and y where the bound of the library does not show. */
const ROUNDED = 1e-3

interface CancellingProps {
  /** Null where the loss is one of the logit. */
  readonly p: Found
  readonly label: Found
  readonly slope: Found
  readonly loss: Found
}

/** Whether the slope of the sigmoid cancels what the loss divides by, or where floating point ends it. */
function Cancelling({ p, label, slope, loss }: CancellingProps) {
  if (p === null) return <p className="hint">In one step the same: ∂L/∂z is σ(z) − y, at any z.</p>
  const difference = Number(p) - Number(label)
  if (p === 0 || p === 1)
    return (
      <p className="gate gate-shut" role="note">
        p is exactly {p}: the sigmoid has no digits left. The library takes no logarithm below −100, so L is{' '}
        <Num value={loss} />
        {p !== label && (
          <>
            , and of p − y, which is <Num value={difference} />, there is <Num value={slope} /> left at z. From the
            logit, the gradient is still there
          </>
        )}
        .
      </p>
    )
  if (Math.abs(Number(slope) - difference) > ROUNDED * Math.abs(difference))
    return (
      <p className="gate gate-shut" role="note">
        p is so near to {Math.round(Number(p))} that the library, which divides by 1e-12 at least, does not divide by
        all of p(1 − p): ∂L/∂z is <Num value={slope} /> and not p − y, which is <Num value={difference} />. From the
        logit, the whole gradient is still there.
      </p>
    )
  return <p className="hint">The slope of the sigmoid and the denominator of ∂L/∂p cancel: ∂L/∂z is p − y.</p>
}

const Row = ({ name, value }: { name: string; value: Found }) => (
  <tr>
    <th scope="row">{name}</th>
    <td>
      <Num value={value} />
    </td>
  </tr>
)
