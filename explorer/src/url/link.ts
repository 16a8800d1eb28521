/**
 * What a link says: `#/play/neuron?w=-3&step=7&sel=4&v=1`. Everything that is as it would be anyway is left out, numbers
 * are the shortest that read back exactly, and what cannot be read is named instead of guessed.
 */
import type { Element } from '../model/session.ts'
import type { Theme } from '../model/store.ts'

/** Goes up when an old page would misread a new link. */
const LINK_VERSION = 1

export interface Link {
  /** Of the view, without `#/`; empty for the start page. */
  readonly path: string
  readonly inputs: Readonly<Record<string, string>>
  /** null is the last step. */
  readonly step: number | null
  readonly selected: Element | null
  /** Whether the paths from the selection are shown; it is then written as `from`, their source. */
  readonly paths: boolean
  readonly root: Element | null
  readonly open: readonly string[] | null
  /** null leaves the theme to the reader. */
  readonly theme: Theme | null
}

const THEMES: readonly string[] = ['auto', 'light', 'dark']
const OWN: readonly string[] = ['step', 'sel', 'from', 'root', 'open', 'theme', 'v']

const elementText = ({ node, index }: Element): string => (index === 0 ? `${node}` : `${node}.${index}`)

export function writeLink(link: Link): string {
  const query = new URLSearchParams(link.inputs)
  if (link.step !== null) query.set('step', String(link.step))
  if (link.selected) query.set(link.paths ? 'from' : 'sel', elementText(link.selected))
  if (link.root) query.set('root', elementText(link.root))
  if (link.open?.length === 0) query.set('open', '')
  for (const scope of link.open ?? []) query.append('open', scope)
  if (link.theme && link.theme !== 'auto') query.set('theme', link.theme)
  if (query.size > 0) query.set('v', String(LINK_VERSION))
  return `#/${link.path}${query.size > 0 ? `?${query}` : ''}`
}

/** Reads a link; each problem is a sentence for the reader, and what it is about has its default. */
export function readLink(hash: string): { readonly link: Link; readonly problems: readonly string[] } {
  const problems: string[] = []
  const [, path = '', text = ''] = /^#?\/?([^?]*)\??(.*)$/s.exec(hash) ?? []
  const query = new URLSearchParams(text)
  const read = <T>(key: string, parse: (text: string) => T | null): T | null => {
    const given = query.get(key)
    if (given === null) return null
    const value = parse(given)
    if (value === null) problems.push(`The link is damaged at ${key}=${brief(given)}; that part is left out.`)
    return value
  }
  const version = read('v', wholeNumber)
  if (version !== null && version > LINK_VERSION)
    problems.push(
      `The link was made by a later version (${version}) of this page, which reads version ${LINK_VERSION}.`,
    )
  const from = read('from', elementOf)
  const link: Link = {
    path: path.replace(/\/+$/, ''),
    inputs: Object.fromEntries([...query].filter(([key]) => !OWN.includes(key))),
    step: read('step', wholeNumber),
    selected: from ?? read('sel', elementOf),
    paths: from !== null,
    root: read('root', elementOf),
    open: query.has('open') ? query.getAll('open').filter((scope) => scope !== '') : null,
    theme: read('theme', (given) => (THEMES.includes(given) ? (given as Theme) : null)),
  }
  return { link, problems }
}

const wholeNumber = (text: string): number | null => (/^\d{1,9}$/.test(text) ? Number(text) : null)

function elementOf(text: string): Element | null {
  const match = /^(\d{1,9})(?:\.(\d{1,9}))?$/.exec(text)
  return match && { node: Number(match[1]), index: Number(match[2] ?? 0) }
}

const brief = (text: string): string => (text.length > 24 ? `${text.slice(0, 24)}…` : text)
