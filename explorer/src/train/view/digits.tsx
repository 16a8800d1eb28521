/** A few held-out digits: the picture, what the network takes it for, how surely, and whether it is right. */
import { digits } from 'virtual:digits'
import { useEffect, useRef } from 'react'
import { SIDE } from '../data/digits.ts'
import type { Examples } from '../protocol.ts'

const CLASSES = 10

export function Digits({ examples, picture }: { examples: Examples; picture: Float32Array }) {
  const answers = examples.labels.map((label, i) => {
    const probabilities = [...picture.subarray(i * CLASSES, (i + 1) * CLASSES)]
    const surest = Math.max(...probabilities)
    return { label, answer: probabilities.indexOf(surest), surest }
  })
  const right = answers.filter(({ label, answer }) => label === answer).length
  return (
    <figure className="digits">
      <figcaption>
        {right} of these {answers.length} held-out digits are right:
      </figcaption>
      <ul>
        {answers.map(({ label, answer, surest }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the digits are always the same
          <li key={i} className={answer === label ? 'digit' : 'digit digit-wrong'}>
            <Digit pixels={examples.x.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE)} label={label} />
            <span>
              {Number.isNaN(surest) ? (
                'NaN'
              ) : (
                <>
                  <b>
                    {answer === label ? '✓' : '✗'} {answer}
                  </b>{' '}
                  {(100 * surest).toFixed(0)} %
                </>
              )}
            </span>
            {answer !== label && <span>is {label}</span>}
          </li>
        ))}
      </ul>
      <p className="hint">
        The first {digits.train.toLocaleString('en')} training digits of MNIST are learnt from, the first{' '}
        {digits.test.toLocaleString('en')} test digits, by other writers, are held out.
      </p>
    </figure>
  )
}

/** Ink on paper, in both themes: so they were written. */
function Digit({ pixels, label }: { pixels: Float32Array; label: number }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context) return
    const image = context.createImageData(SIDE, SIDE)
    for (const [i, pixel] of pixels.entries()) image.data.set([0, 0, 0].fill(255 * (1 - pixel)).concat(255), 4 * i)
    context.putImageData(image, 0, 0)
  }, [pixels])
  return <canvas ref={canvas} width={SIDE} height={SIDE} role="img" aria-label={`a handwritten ${label}`} />
}
