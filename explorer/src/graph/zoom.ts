/** Panning and zooming of the canvas by d3-zoom. The part of the graph in sight decides what is drawn at all. */
import type { Box } from 'chainrule/explain'
import { select } from 'd3-selection'
import { type ZoomBehavior, type ZoomTransform, zoom, zoomIdentity } from 'd3-zoom'
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react'

/** What keys and buttons zoom by. */
export const ZOOM_STEP = 1.25
const NEAREST = 3
const FARTHEST = 0.001
/** A graph whose numbers can still be read when it is whole on the screen opens whole. */
const SMALLEST = 0.55
/** Else it opens with a part of it that can be read: a long chain is not to become a sliver. */
const READABLE = 0.66
/** Nor larger than this, however small it is. */
const LARGEST = 1.25
const MARGIN = 24

export interface Camera {
  readonly transform: ZoomTransform
  readonly size: { readonly width: number; readonly height: number }
  /** What is in sight, in the coordinates of the graph. */
  readonly sight: Box
  by(factor: number): void
  actual(): void
  /** Shows all of it, however small. */
  fit(width: number, height: number): void
  /** Shows all of it, or where that would be unreadable the part around a box; its beginning unless there is one. */
  open(width: number, height: number, around: Box | null): void
  /** Moves no further than needed to bring a box into sight. */
  reveal(box: Box): void
  centre(x: number, y: number): void
}

export function useCamera(canvas: RefObject<SVGSVGElement | null>): Camera {
  const [transform, setTransform] = useState<ZoomTransform>(zoomIdentity)
  const size = useSize(canvas)
  const behaviour = useRef<ZoomBehavior<SVGSVGElement, unknown> | null>(null)
  useEffect(() => {
    const svg = canvas.current
    if (!svg) return
    behaviour.current = zoom<SVGSVGElement, unknown>()
      .scaleExtent([FARTHEST, NEAREST])
      .clickDistance(4)
      .filter((event: Event) => isForCanvas(event, svg))
      .on('zoom', ({ transform: next }: { transform: ZoomTransform }) => setTransform(next))
    select(svg).call(behaviour.current).on('dblclick.zoom', null)
    return () => {
      select(svg).on('.zoom', null)
    }
  }, [canvas])
  const to = useCallback(
    (next: ZoomTransform) => {
      if (canvas.current && behaviour.current) select(canvas.current).call(behaviour.current.transform, next)
    },
    [canvas],
  )
  return useMemo(() => cameraOf(transform, size, to), [transform, size, to])
}

/** Dragging pans; Ctrl and the wheel zoom; the wheel alone scrolls the page unless the canvas has the focus. */
function isForCanvas(event: Event, svg: SVGSVGElement): boolean {
  if (event instanceof WheelEvent) return event.ctrlKey || event.metaKey || document.activeElement === svg
  return !(event instanceof MouseEvent) || event.button === 0
}

function cameraOf(transform: ZoomTransform, size: Camera['size'], to: (next: ZoomTransform) => void): Camera {
  const { width, height } = size
  const { k, x, y } = transform
  const at = (scale: number, cx: number, cy: number) =>
    zoomIdentity.translate(width / 2 - cx * scale, height / 2 - cy * scale).scale(scale)
  const [cx, cy] = transform.invert([width / 2, height / 2])
  return {
    transform,
    size,
    sight: { x: -x / k, y: -y / k, width: width / k, height: height / k },
    by: (factor) => to(at(Math.min(NEAREST, Math.max(FARTHEST, k * factor)), cx, cy)),
    actual: () => to(at(1, cx, cy)),
    centre: (px, py) => to(at(k, px, py)),
    fit: (w, h) => to(at(Math.max(scaleFor(size, w, h), FARTHEST), w / 2, h / 2)),
    open: (w, h, around) => {
      const whole = scaleFor(size, w, h)
      // Not all of it, but all of its width, or of its height, where that can be read.
      const partly = Math.max(scaleFor(size, w, 0), scaleFor(size, 0, h))
      const scale = whole >= SMALLEST ? whole : Math.min(Math.max(partly, SMALLEST), READABLE)
      const across = centred(width / scale, w, around && around.x + around.width / 2)
      to(at(scale, across, centred(height / scale, h, around && around.y + around.height / 2)))
    },
    reveal: (box) => {
      const dx = shift(box.x * k + x, box.width * k, width)
      const dy = shift(box.y * k + y, box.height * k, height)
      if (dx !== 0 || dy !== 0) to(zoomIdentity.translate(x + dx, y + dy).scale(k))
    },
  }
}

/** The scale at which a graph of that size just fits. */
const scaleFor = ({ width, height }: Camera['size'], w: number, h: number): number =>
  Math.min((width - 2 * MARGIN) / Math.max(w, 1), (height - 2 * MARGIN) / Math.max(h, 1), LARGEST)

/** The middle of what is shown of a length: of all of it where there is room, else around a place, no farther than its ends. */
function centred(room: number, length: number, place: number | null): number {
  if (length + 2 * MARGIN <= room) return length / 2
  const [first, last] = [room / 2 - MARGIN, length + MARGIN - room / 2]
  return Math.max(first, Math.min(last, place ?? first))
}

/** How far an interval has to be moved to lie within the margins; 0 where it does. */
function shift(start: number, length: number, room: number): number {
  if (length > room - 2 * MARGIN) return start > room - MARGIN || start + length < MARGIN ? MARGIN - start : 0
  if (start < MARGIN) return MARGIN - start
  return Math.min(0, room - MARGIN - (start + length))
}

function useSize(canvas: RefObject<SVGSVGElement | null>): Camera['size'] {
  const [size, setSize] = useState({ width: 0, height: 0 })
  useEffect(() => {
    if (!canvas.current) return
    const observer = new ResizeObserver(([{ contentRect }]) =>
      setSize({ width: contentRect.width, height: contentRect.height }),
    )
    observer.observe(canvas.current)
    return () => observer.disconnect()
  }, [canvas])
  return size
}

/** Whether two rectangles have a point in common. */
export const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
