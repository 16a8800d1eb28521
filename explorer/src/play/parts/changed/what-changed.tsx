/**
 * Why the gradient is another one now: the product of the chain rule before and after the last change, factor by factor.
 * Both products are explanations of the library.
 */
import { useEffect, useState } from 'react'
import { rootOf } from '../../../inspector/terms.ts'
import { nameTex, partialTex } from '../../../inspector/tex.ts'
import { QUIET_MS } from '../../../inspector/use-settled.ts'
import type { Element } from '../../../model/session.ts'
import { callOf, knownAt } from '../../../model/steps.ts'
import { useExplorer } from '../../../model/store.ts'
import { announce } from '../../../ui/announce.ts'
import { Formula } from '../../../ui/formula.tsx'
import { Num } from '../../../ui/number.tsx'
import { showNumber } from '../../../ui/show-number.ts'
import { ACTIVATIONS } from '../../labs/settings.ts'
import { type Change, useChange } from './change.ts'
import {
  blocking,
  type Comparison,
  compare,
  type FactorChange,
  type FromTo,
  isSame,
  leading,
  verbOf,
} from './compare.ts'
import './changed.css'

/** A slider that moves is compared when it rests, and told to the ear when it has rested for a while. */
const CALM_MS = 1200

export function WhatChanged() {
  const change = useChange((state) => state.change)
  const session = useExplorer((state) => state.session)
  const selected = useExplorer((state) => state.selected)
  const chosen = useExplorer((state) => state.root)
  const step = useExplorer((state) => state.step)
  if (!change || change.after !== session || !selected) return null
  const { trace } = session
  const root = rootOf(trace, chosen, callOf(knownAt(trace, step)))
  return <Told change={change} root={root} element={selected} />
}

interface Question {
  readonly change: Change
  readonly root: Element
  readonly element: Element
}

function Told({ change, root, element }: Question) {
  const found = useComparison({ change, root, element })
  useEffect(() => {
    if (!found) return
    const later = setTimeout(() => announce(spoken(found)), CALM_MS)
    return () => clearTimeout(later)
  }, [found])
  if (!found) return null
  const { gradient, factors, product, others, output, input } = found
  const name = `∂${output}/∂${input}`
  // Where a product stays 0, what made it so is the answer, whatever else has changed.
  const wall = isSame(gradient) && !others ? blocking(factors) : null
  const told = wall ?? leading(factors)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="changed" aria-label="What changed" tabIndex={0}>
      <h3>What changed</h3>
      <p>
        <Moved change={change} /> <b>{name}</b> {verbOf(gradient)} <Numbers of={gradient} part="gradient" />
        {told ? ':' : ', as all its factors did.'}
      </p>
      {others && told && (
        <p>
          Of the ways to {output}, this one's product changed most: it {verbOf(product)}{' '}
          <Numbers of={product} part="product" />. The others together {verbOf(others)}{' '}
          <Numbers of={others} part="others" />.
        </p>
      )}
      {told && (
        <ul>
          {factors.map((factor) => (
            <li key={`${factor.of}/${factor.wrt}`} className={factor === told ? 'changed-most' : ''} data-role="factor">
              <Factor factor={factor} />
              {factor === wall && <span className="changed-why"> (and makes the product 0)</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function useComparison({ change, root, element }: Question): Comparison | null {
  const [found, setFound] = useState<{ readonly question: string; readonly comparison: Comparison | null } | null>(null)
  const question = `${root.node}.${root.index} ${element.node}.${element.index}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: the question says all there is to know of the elements
  useEffect(() => {
    let isWanted = true
    const ask = async () => {
      const both = await Promise.all([change.before, change.after].map((it) => it.explain(root, element))).catch(
        () => null,
      )
      if (isWanted) setFound({ question, comparison: both && compare(both[0], both[1]) })
    }
    const later = setTimeout(() => void ask(), QUIET_MS)
    return () => {
      isWanted = false
      clearTimeout(later)
    }
  }, [change, question])
  return found?.question === question ? found.comparison : null
}

/** How many names are told. */
const FEW = 3

/** What the reader did: few things by name, many by their number. */
function Moved({ change: { moves } }: { change: Change }) {
  const [{ id, from, to }] = moves
  if (moves.length > FEW) return <>{moves.length} numbers were changed.</>
  if (moves.length > 1) return <>{moves.map((move) => move.id).join(' and ')} were changed.</>
  if (typeof from === 'string' || typeof to === 'string')
    return (
      <>
        {id} was changed from {from} to {to}.
      </>
    )
  return (
    <>
      {id} went from <Num value={from} /> to <Num value={to} />.
    </>
  )
}

const Numbers = ({ of, part }: { of: FromTo; part: string }) => (
  <span data-part={part}>
    {!isSame(of) && (
      <>
        <Num value={of.from} /> to{' '}
      </>
    )}
    <b>
      <Num value={of.to} />
    </b>
  </span>
)

/** Formulas longer than this say more than there is room for. */
const BRIEF = 16

function Factor({ factor }: { factor: FactorChange }) {
  const { of, wrt, formula, tex } = factor
  const isBrief = formula.length <= BRIEF && /[a-z]/i.test(formula)
  const reason = reasonOf(factor)
  return (
    <>
      {isBrief ? (
        <Formula tex={`${partialTex(texOf(of), texOf(wrt))} = ${tex}`} says={`∂${of}/∂${wrt} = ${formula}`} />
      ) : (
        <Formula tex={partialTex(texOf(of), texOf(wrt))} says={`∂${of}/∂${wrt}`} />
      )}{' '}
      {verbOf(factor)} <Numbers of={factor} part="factor" />
      {reason && <span className="changed-why"> ({reason})</span>}
    </>
  )
}

/** `w1`, and `z1[2]` with its index below. */
function texOf(name: string): string {
  const [, whole, index] = /^(.*?)(?:\[([\d,]+)\])?$/s.exec(name)!
  return nameTex(whole, index)
}

/** An activation's slope says by itself what happened: the others are explained by their formulas. */
function reasonOf({ op, from, to }: FactorChange): string {
  if (isSame({ from, to }) || !ACTIVATIONS.includes(op)) return ''
  if (to === 0) return `${op} is flat here: nothing gets through`
  if (from === 0) return `${op} is not flat any more`
  return Math.abs(to) < Math.abs(from) ? `${op} is flatter here` : `${op} is steeper here`
}

function spoken({ output, input, gradient, factors }: Comparison): string {
  const most = leading(factors)
  const told = ({ from, to }: FromTo) => `${showNumber(from)} to ${showNumber(to)}`
  const because = most ? ` Most of it: ∂${most.of}/∂${most.wrt} ${verbOf(most)} ${told(most)}.` : ''
  return isSame(gradient)
    ? `∂${output}/∂${input} stayed ${showNumber(gradient.to)}.`
    : `∂${output}/∂${input} ${verbOf(gradient)} ${told(gradient)}.${because}`
}
