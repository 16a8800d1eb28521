/** Search in the program. The shell's key `/` comes here; Enter goes from hit to hit. */
import type { Trace } from 'chainrule/explain'
import { type KeyboardEvent, useMemo, useState } from 'react'
import { announce } from '../ui/index.ts'
import { search } from './search.ts'
import { selectNode } from './select.ts'

export function SearchBox({ trace, call }: { trace: Trace; call: number }) {
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(-1)
  const hits = useMemo(() => search(trace, query, call), [trace, query, call])
  const go = (sense: 1 | -1) => {
    if (hits.length === 0) return announce(`Nothing found for ${query}`)
    const next = at < 0 && sense < 0 ? hits.length - 1 : (at + sense + hits.length) % hits.length
    setAt(next)
    selectNode(trace, hits[next])
    announce(`Hit ${next + 1} of ${hits.length}: ${trace.nodes[hits[next]].name}`)
  }
  const key = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter') go(event.shiftKey ? -1 : 1)
    else if (event.key === 'Escape' && query !== '') setQuery('')
    else if (event.key === 'Escape') event.currentTarget.blur()
    else return
    event.preventDefault()
  }
  const kept = trace.dropped > 0 ? ` of the ${trace.nodes.length} that were kept` : ''
  const found = hits.length === 0 ? 'none' : at < 0 ? `${hits.length} found` : `${at + 1} of ${hits.length}`
  return (
    <span className="graph-search">
      <input
        type="search"
        aria-label="Search nodes by name, op or line, or by grad>1 or nan"
        placeholder="Search: w1, relu, grad>1, nan"
        title="A name, an op, a line; grad>1, value<0, nan. Enter: next hit"
        spellCheck={false}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value)
          setAt(-1)
        }}
        onKeyDown={key}
      />
      {query.trim() !== '' && <output>{found + kept}</output>}
    </span>
  )
}
