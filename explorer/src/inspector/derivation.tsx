/**
 * Why the gradient is what it is, in four lines: the rule, the local derivatives in symbols, the numbers, the result.
 * Each factor lights up its edge in the graph, and the other way round.
 */
import type { Trace, TraceNode } from 'chainrule/explain'
import { useMemo } from 'react'
import { indexText } from '../graph/shapes.ts'
import { callOf } from '../model/steps.ts'
import { seekCall, update } from '../model/store.ts'
import { Button, Formula, Num } from '../ui/index.ts'
import { showNumber } from '../ui/show-number.ts'
import { Accumulated } from './accumulated.tsx'
import { Factor } from './factor.tsx'
import type { TabProps } from './inspector.tsx'
import { GradientNotListed } from './not-listed.tsx'
import { abbreviated, type Derivation, outputOf, type Term } from './terms.ts'
import { factorTex, nameTex, numberTex, partialTex } from './tex.ts'
import { type Rules, termKey, useDerivation } from './use-derivation.ts'
import { useSettled } from './use-settled.ts'

/** With more terms than this, only the line with the numbers follows every move: a formula takes more than a millisecond. */
const FOLLOWED = 2

export function DerivationTab(props: TabProps) {
  const { session, known, element } = props
  const { trace } = session
  const node = trace.nodes[element.node]
  const { derivation, rules } = useDerivation(session, element, callOf(known))
  const { shown } = useMemo(() => abbreviated(derivation.terms), [derivation])
  const locals = useSettled(shown, shown.map(termKey).join(' '), shown.length > FOLLOWED)
  const output = outputOf(trace, callOf(known))
  const of = output ? nameAt(trace.nodes[output.node], output.index) : '\\textstyle\\sum s\\,y'
  const names = { of, wrt: nameAt(node, element.index) }
  const isKnown = known.gradient(node)
  const nothing = whyNothing(trace, node, callOf(known))
  if (nothing !== null) return <Nothing why={nothing} node={node} />
  const gradient = node.gradients[callOf(known)]!
  if (gradient.data === null)
    return isKnown ? (
      <GradientNotListed {...props} gradient={gradient} />
    ) : (
      <p>Backward has not reached this value at this step: —</p>
    )
  return (
    <div className="derivation">
      {!output && <p>{startText(trace, callOf(known))}</p>}
      <h3>Rule</h3>
      <RuleLine derivation={derivation} names={names} />
      {shown.length > 0 && (
        <>
          <h3>Local derivatives</h3>
          <LocalLines terms={locals} wrt={names.wrt} rules={rules} />
        </>
      )}
      <h3>With numbers</h3>
      {isKnown ? <NumbersLine derivation={derivation} /> : <p>Backward has not reached this value at this step: —</p>}
      <h3>Result</h3>
      <p className="derivation-result" data-role="result">
        <Formula tex={`${partialTex(names.of, names.wrt)} =`} says={`The gradient of ${node.name} is`} />{' '}
        <Num value={isKnown ? derivation.gradient : null} />
      </p>
      <Accumulated {...props} />
      {isKnown && (
        <Sentence
          derivation={derivation}
          name={node.name + indexText(node.value.shape, element.index)}
          of={output ? trace.nodes[output.node].name : 'their sum'}
        />
      )}
    </div>
  )
}

/** Why there is nothing to derive; null where there is. */
function whyNothing({ calls, nodes }: Trace, { name, requiresGrad, gradients }: TraceNode, call: number) {
  if (!requiresGrad) return `${name} does not require a gradient, so backward sends nothing here.`
  if (calls.length === 0) return 'backward() has not run, so there is no gradient to derive: it is —, not 0.'
  const gradient = gradients[call]
  if (gradient) return gradient.data?.length === 0 ? `${name} has no elements, so there is nothing to derive.` : null
  const from = calls[call].roots.map((id) => (id === null ? 'a value that was not recorded' : nodes[id].name))
  const which = calls.length > 1 ? ` in call ${call + 1} of ${calls.length}` : ''
  return `No gradient arrived at ${name}${which}: no operation that backward follows from ${from.join(', ')} leads here.`
}

/** Another call may have brought a gradient here: a way to it, which takes what that call began from as the output. */
function Nothing({ why, node }: { readonly why: string; readonly node: TraceNode }) {
  const call = node.gradients.findLastIndex((gradient) => gradient !== null)
  const go = () => {
    update({ root: null })
    seekCall(call)
  }
  return (
    <>
      <p>{why}</p>
      {call >= 0 && (node.gradients[call]?.data?.length ?? 1) > 0 && <Button onClick={go}>Show call {call + 1}</Button>}
    </>
  )
}

/** What the gradients are of where it is not one number with the seed 1. */
function startText({ calls, nodes }: Trace, call: number): string {
  const { roots } = calls[call]
  const names = roots.map((id) => (id === null ? 'a value that was not recorded' : nodes[id].name))
  return `Backward began at ${names.join(', ')}. Gradients are those of the sum of all their elements y, each times its seed s.`
}

const nameAt = ({ name, value }: Term['consumer'], index: number): string =>
  nameTex(name, indexText(value.shape, index).replaceAll(/[[\]]/g, ''))

interface Names {
  readonly of: string
  readonly wrt: string
}

const consumerTex = ({ consumer, at }: Term): string => (at === null ? nameTex(consumer.name) : nameAt(consumer, at))

/** Where several elements of the reader read the number, the product is a sum over them. */
const sumTex = ({ at }: Term): string => (at === null ? '\\textstyle\\sum_k ' : '')

const lowered = (term: Term): string => (term.at === null ? nameTex(term.consumer.name, 'k') : consumerTex(term))

function RuleLine({ derivation: { terms, seed }, names: { of, wrt } }: { derivation: Derivation; names: Names }) {
  const { shown, more } = abbreviated(terms)
  const general = `${partialTex(of, wrt)} = ${seed === null ? '' : `${numberTex(seed)}${terms.length > 0 ? ' + ' : ''}`}`
  return (
    <p className="derivation-line">
      <Formula tex={general} says="The gradient is the sum over all values that read it:" />
      {shown.map((term, i) => (
        <Factor key={termKey(term)} term={term}>
          <Formula
            tex={`${i > 0 ? '+' : ''}${sumTex(term)}${partialTex(of, lowered(term))}\\cdot ${partialTex(lowered(term), wrt)}`}
            says={`${i > 0 ? 'plus ' : ''}the gradient of ${term.consumer.name} times the derivative of ${term.consumer.name}`}
          />
        </Factor>
      ))}
      {more > 0 && <span> + {more} more</span>}
    </p>
  )
}

function LocalLines({ terms, wrt, rules }: { terms: readonly Term[]; wrt: string; rules: Rules }) {
  return (
    <ul className="derivation-locals">
      {terms.map((term) => {
        const rule = rules.get(termKey(term))
        const { op, name } = term.consumer
        const left = `${partialTex(lowered(term), wrt)} = `
        const isNumber = !rule || !/[A-Za-z\\]/.test(rule.tex)
        const right = isNumber ? (rule?.tex ?? numberTex(term.local)) : `${rule.tex} = ${numberTex(term.local)}`
        return (
          <li key={termKey(term)}>
            <Factor term={term}>
              {term.at === null ? (
                <span>
                  <code>{op}</code> reads it for elements of {name} that are not listed here one by one
                </span>
              ) : (
                <Formula
                  tex={left + right}
                  says={`The derivative of ${name} is ${rule ? `${rule.text}, which is ` : ''}${showNumber(term.local)}`}
                />
              )}
            </Factor>
            <span className="derivation-op">
              {op}, argument {term.slot + 1}
            </span>
          </li>
        )
      })}
    </ul>
  )
}

function NumbersLine({ derivation: { terms, seed, gradient } }: { derivation: Derivation }) {
  const { shown, more, rest } = abbreviated(terms)
  return (
    <p className="derivation-line">
      {seed !== null && <Formula tex={numberTex(seed)} says={`the seed ${showNumber(seed)}`} />}
      {shown.map((term, i) => {
        const { upstream, local, contribution } = term
        const sign = i > 0 || seed !== null ? '+ ' : ''
        const product = term.at === null ? factorTex(contribution) : `${factorTex(upstream)}\\cdot ${factorTex(local)}`
        return (
          <Factor key={termKey(term)} term={term}>
            <Formula
              tex={sign + product}
              says={
                term.at === null
                  ? showNumber(contribution)
                  : `${showNumber(upstream)} times ${showNumber(local)} is ${showNumber(contribution)}`
              }
            />
          </Factor>
        )
      })}
      {more > 0 && (
        <span>
          {' '}
          and {more} more, sum = <Num value={rest} />
        </span>
      )}
      <Formula tex={`= ${numberTex(gradient)}`} says={`is ${showNumber(gradient)}`} />
    </p>
  )
}

/** The same in words. */
function Sentence({ derivation, name, of }: { derivation: Derivation; name: string; of: string }) {
  const { terms, seed, gradient } = derivation
  const { shown, more, rest } = abbreviated(terms)
  const parts = shown.map(({ consumer, at, upstream, local, contribution }) =>
    at === null
      ? `${consumer.op} sends ${showNumber(contribution)}`
      : `${consumer.op} (${consumer.name}${indexText(consumer.value.shape, at)}) sends ${showNumber(upstream)} · ${showNumber(local)} = ${showNumber(contribution)}`,
  )
  if (seed !== null) parts.unshift(`backward starts here with ${showNumber(seed)}`)
  if (more > 0) parts.push(`${more} more send ${showNumber(rest)}`)
  const sum = parts.length > 1 ? `: together ${showNumber(gradient)}` : ''
  const change = Number.isFinite(gradient)
    ? ` If ${name} grows by a little, ${of} changes by ${showNumber(gradient)} times as much.`
    : ''
  return (
    <p className="derivation-sentence">
      In words: {parts.join(', ')}
      {sum}.{change}
    </p>
  )
}
