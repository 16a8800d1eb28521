/** A chart that the library draws, in the width there is and in the colours of the page. */
import type { ChartOptions } from 'chainrule/explain'
import { useRef } from 'react'
import { useTheme } from '../../app/use-theme.ts'
import { useWidth } from '../../ui/use-width.ts'

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
  const width = useWidth(box)
  const theme = useTheme()
  const svg = width > 0 ? draw({ theme, width: Math.max(width, NARROWEST), height }) : ''
  return (
    <figure className="chart" ref={box}>
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: the library escapes every text in its pictures */}
      <div role="img" aria-label={says} dangerouslySetInnerHTML={{ __html: svg }} />
    </figure>
  )
}
