/** All views by group, behind a button that says which one is shown. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { View } from '../model/view.ts'
import { GROUPS, hrefOf, views } from './views.ts'

export function ViewsMenu({ view }: { view: View | undefined }) {
  const [open, setOpen] = useState(false)
  const whole = useRef<HTMLElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!open) return
    const outside = (event: PointerEvent) => {
      if (!whole.current?.contains(event.target as Node)) setOpen(false)
    }
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  }, [open])
  const key = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !open) return
    setOpen(false)
    button.current?.focus()
  }
  return (
    <nav ref={whole} className="views-menu" aria-label="Views" onKeyDown={key}>
      <button
        ref={button}
        type="button"
        className="button button-plain"
        aria-expanded={open}
        aria-controls="views-list"
        onClick={() => setOpen(!open)}
      >
        {view?.title ?? 'All views'} <span aria-hidden="true">▾</span>
      </button>
      <div id="views-list" className="views-list" hidden={!open}>
        {GROUPS.map((group) => (
          <Group key={group} group={group} shown={view?.path} onGo={() => setOpen(false)} />
        ))}
      </div>
    </nav>
  )
}

function Group({ group, shown, onGo }: { group: View['group']; shown: string | undefined; onGo: () => void }) {
  const own = views.filter((view) => view.group === group)
  if (own.length === 0) return null
  return (
    <div className="views-group">
      <h2>{group}</h2>
      <ul>
        {own.map(({ path, title }) => (
          <li key={path}>
            <a href={hrefOf(path)} aria-current={path === shown ? 'page' : undefined} onClick={onGo}>
              {title}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}
