import { describe, expect, it } from 'vitest'
import { type Link, readLink, writeLink } from './link.ts'

const plain: Link = {
  path: 'play/neuron',
  inputs: {},
  step: null,
  selected: null,
  paths: false,
  root: null,
  open: null,
  theme: null,
}

describe('a link', () => {
  it('is no longer than what it says', () => {
    expect(writeLink(plain)).toBe('#/play/neuron')
    expect(writeLink({ ...plain, path: '' })).toBe('#/')
    expect(writeLink({ ...plain, theme: 'auto' })).toBe('#/play/neuron')
  })

  it.each<[string, Partial<Link>]>([
    ['inputs exactly', { inputs: { w: '0.1', b: '-1e-7', seed: '3', src: 'd1.abc-_' } }],
    ['inputs with any characters', { inputs: { L: '(w*x + b)^2 & = # ? % é' } }],
    ['the step', { step: 7 }],
    ['the selection, with and without an index', { selected: { node: 4, index: 0 }, root: { node: 12, index: 3 } }],
    ['that paths are shown, and from where', { selected: { node: 4, index: 2 }, paths: true }],
    ['open scopes, with any names', { open: ['Sequential/0: Linear', 'a&b=c#d', '<img onerror=alert(1)>'] }],
    ['that every scope is closed', { open: [] }],
    ['the theme', { theme: 'dark' }],
  ])('keeps %s', (_, change) => {
    const link = { ...plain, ...change }
    expect(readLink(writeLink(link))).toEqual({ link, problems: [] })
  })

  it('calls the selection the source of the paths where they are shown', () => {
    expect(writeLink({ ...plain, selected: { node: 4, index: 2 }, paths: true })).toBe('#/play/neuron?from=4.2&v=1')
  })

  it('carries its version, and a later one is said', () => {
    expect(writeLink({ ...plain, step: 3 })).toBe('#/play/neuron?step=3&v=1')
    expect(readLink('#/play/neuron?v=2').problems).toEqual([
      'The link was made by a later version (2) of this page, which reads version 1.',
    ])
  })

  it('names what is damaged and leaves out only that', () => {
    const { link, problems } = readLink('#/play/neuron?w=2&step=-1&sel=x.y&theme=pink')
    expect(link).toEqual({ ...plain, inputs: { w: '2' } })
    expect(problems).toHaveLength(3)
    expect(problems[0]).toBe('The link is damaged at step=-1; that part is left out.')
  })

  it.each(['', '#', '#/', '#/?', '?', '#?%%%=%', `#/${'a/'.repeat(50)}`])('is read whatever it is: %s', (hash) => {
    expect(readLink(hash).link.inputs).toBeDefined()
  })
})
