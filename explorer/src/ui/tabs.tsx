/** A row of tabs: one stop of the Tab key, arrows choose. The panel is `<id>-panel`, labelled by `<id>-<tab>`. */
import type { KeyboardEvent } from 'react'

export interface TabItem<T extends string> {
  readonly id: T
  readonly label: string
}

interface TabsProps<T extends string> {
  readonly id: string
  readonly label: string
  readonly items: readonly TabItem<T>[]
  readonly chosen: T
  readonly onChoose: (id: T) => void
}

export function Tabs<T extends string>({ id, label, items, chosen, onChoose }: TabsProps<T>) {
  const key = (event: KeyboardEvent) => {
    const at = items.findIndex((item) => item.id === chosen)
    const last = items.length - 1
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[
      event.key
    ]
    if (to === undefined) return
    event.preventDefault()
    onChoose(items[to].id)
    document.getElementById(`${id}-${items[to].id}`)?.focus()
  }
  return (
    <div className="tabs" role="tablist" aria-label={label} onKeyDown={key}>
      {items.map((item) => (
        <button
          key={item.id}
          id={`${id}-${item.id}`}
          type="button"
          role="tab"
          aria-selected={item.id === chosen}
          aria-controls={`${id}-panel`}
          tabIndex={item.id === chosen ? 0 : -1}
          onClick={() => onChoose(item.id)}
        >
          {item.label}
        </button>
      ))}
    </div>
  )
}
