/**
 * A formula, typeset, with the sentence that says it aloud. Readers by ear get our sentence: touch readers miss what
 * KaTeX hides for them. Until KaTeX is there the sentence stands for it.
 */
import { useEffect, useState } from 'react'
import { rest } from './rest.ts'

type Typeset = (tex: string, display: boolean) => string

let typeset: Typeset | null = null
const loading: { promise: Promise<void> | null } = { promise: null }

const load = (): Promise<void> => {
  loading.promise ??= rest()
    .then(() => import('./typeset.ts'))
    .then((module) => {
      typeset = module.typeset
    })
  return loading.promise
}

export function Formula({ tex, says, display = false }: { tex: string; says: string; display?: boolean }) {
  const [ready, setReady] = useState(typeset !== null)
  useEffect(() => {
    let here = true
    if (!ready) load().then(() => here && setReady(true))
    return () => {
      here = false
    }
  }, [ready])
  if (!typeset) return <span className="formula">{says}</span>
  return (
    <span className={display ? 'formula formula-display' : 'formula'}>
      <span className="for-ear">{says}</span>
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: KaTeX escapes text, and trust is off */}
      <span aria-hidden="true" dangerouslySetInnerHTML={{ __html: typeset(tex, display) }} />
    </span>
  )
}
