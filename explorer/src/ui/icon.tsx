/** The few signs of the page, drawn, because fonts differ. They say nothing: the button's name does. */

const PATHS = {
  play: 'M5 3l8 5-8 5z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  next: 'M4 3l6 5-6 5zM11 3h2v10h-2z',
  previous: 'M12 3L6 8l6 5zM3 3h2v10H3z',
  first: 'M8 3L3 8l5 5zM14 3L9 8l5 5z',
  last: 'M8 3l5 5-5 5zM2 3l5 5-5 5z',
  gear: 'M7 1h2l.4 1.9 1.5.6L12.6 2.400l1.4 1.4-1.1 1.7.6 1.500L15.4 7.400v1.600l-1.9.4-.6 1.5 1.1 1.7-1.4 1.4-1.7-1.1-1.5.6L9 15H7l-.4-1.9-1.5-.6-1.7 1.100L2 12.200l1.1-1.7-.6-1.500L.6 8.600V7.400l1.9-.4.6-1.500L2 3.800l1.4-1.4 1.7 1.1 1.5-.6zM8 5.500a2.5 2.5 0 100 5 2.5 2.5 0 000-5z',
  sun: 'M8 5a3 3 0 100 6 3 3 0 000-6zM7.3 1h1.4v2.5H7.3zM7.3 12.5h1.4V15H7.3zM1 7.3h2.5v1.4H1zM12.5 7.3H15v1.4h-2.5z',
  moon: 'M6 2a6 6 0 108 8 5 5 0 01-8-8z',
  halves: 'M8 2a6 6 0 100 12A6 6 0 008 2zm0 1.5v9a4.5 4.5 0 010-9z',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} fill="currentColor" fillRule="evenodd" />
    </svg>
  )
}
