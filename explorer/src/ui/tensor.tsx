/** A value on one line: a number as itself, a larger tensor as its first elements and its shape. */
import type { TraceTensor } from 'chainrule/explain'
import { Num } from './number.tsx'
import { nonFiniteIn } from './show-number.ts'

const FIRST = 3

interface TensorTextProps {
  readonly tensor: TraceTensor | null
  /** What it is of its node: tests and styles ask for it. */
  readonly part?: 'value' | 'gradient'
}

export function TensorText({ tensor, part }: TensorTextProps) {
  if (!tensor) return <Num value={null} part={part} />
  const { shape, data, summary } = tensor
  if (data?.length === 1 && shape.length === 0) return <Num value={data[0]} part={part} />
  // The first elements tell of themselves.
  const others = data && data.length <= FIRST ? '' : nonFiniteIn(tensor)
  return (
    <span className="tensor" data-role={part}>
      {data ? (
        <Elements data={data} />
      ) : (
        <>
          <Num value={summary?.min} /> … <Num value={summary?.max} />
        </>
      )}
      {others && (
        <>
          , <span className="num num-bad">{others}</span>
        </>
      )}{' '}
      <span className="tensor-shape">{`[${shape.join(', ')}]`}</span>
    </span>
  )
}

function Elements({ data }: { data: NonNullable<TraceTensor['data']> }) {
  const shown = data.slice(0, FIRST)
  return (
    <>
      {shown.map((value, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an element is its place
        <span key={i}>
          {i > 0 && ', '}
          <Num value={value} />
        </span>
      ))}
      {data.length > FIRST && ', …'}
    </>
  )
}
