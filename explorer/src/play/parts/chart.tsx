/** A chart that the library draws, in the width there is and in the colours of the page. */
import type { ChartOptions } from 'chainrule/explain'
import { useLayoutEffect, useRef, useState } from 'react'
import { useMedia } from '../../app/use-media.ts'
import { useExplorer } from '../../model/store.ts'

const NARROWEST = 280

export function Chart({
  draw,
  says,
  height = 320,
}: {
  draw: (options: ChartOptions) => string
  says: string
  height?: number
}) {
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  const chosen = useExplorer((state) => state.theme)
  const dark = useMedia('(prefers-color-scheme: dark)')
  const theme = chosen === 'auto' ? (dark ? 'dark' : 'light') : chosen
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const measure = () => setWidth(Math.floor(element.clientWidth))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const svg = width > 0 ? draw({ theme, width: Math.max(width, NARROWEST), height }) : ''
  return (
    <figure className="chart" ref={box}>
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: the library escapes every text in its pictures */}
      <div role="img" aria-label={says} dangerouslySetInnerHTML={{ __html: svg }} />
    </figure>
  )
}
