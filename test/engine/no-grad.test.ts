/** noGrad and enableGrad: nesting, exceptions, and functions that await. */
import { describe, expect, it } from 'vitest'
import { enableGrad, grad, jvp, noGrad, tensor } from '../../src/index.ts'

const x = tensor(2, { requiresGrad: true })
const tracks = () => x.square().requiresGrad
const pause = (ms = 1) => new Promise((resolve) => setTimeout(resolve, ms))

describe('noGrad', () => {
  it('records nothing inside and everything after', () => {
    expect(noGrad(tracks)).toBe(false)
    expect(tracks()).toBe(true)
    expect(noGrad(() => enableGrad(tracks))).toBe(true)
    expect(noGrad(() => [enableGrad(tracks), tracks()])).toEqual([true, false])
  })

  it('ends with an exception', () => {
    expect(() =>
      noGrad(() => {
        throw new Error('x')
      }),
    ).toThrow('x')
    expect(tracks()).toBe(true)
  })

  it('holds across await, and only for its own function', async () => {
    const seen: boolean[] = []
    const running = noGrad(async () => {
      seen.push(tracks())
      await pause(5)
      seen.push(tracks())
      enableGrad(() => seen.push(tracks()))
      await pause(1)
      seen.push(tracks())
    })
    expect(tracks()).toBe(true)
    await pause(1)
    expect(tracks()).toBe(true)
    await running
    expect(seen).toEqual([false, false, true, false])
    expect(tracks()).toBe(true)
  })

  it('keeps concurrent functions apart', async () => {
    const log: Record<string, boolean[]> = { off: [], on: [] }
    const loop = async (name: string) => {
      for (let i = 0; i < 3; i++) {
        log[name].push(tracks())
        await pause()
      }
    }
    await Promise.all([noGrad(() => loop('off')), enableGrad(() => loop('on')), loop('on')])
    expect(log.off).toEqual([false, false, false])
    expect(log.on).not.toContain(false)
  })

  it('ends when an async function rejects', async () => {
    await expect(
      noGrad(async () => {
        await pause()
        throw new Error('late')
      }),
    ).rejects.toThrow('late')
    await pause()
    expect(tracks()).toBe(true)
  })

  it('does not reach into transforms applied inside of it', () => {
    expect(noGrad(() => grad((y: typeof x) => y.square())(x)).item()).toBe(4)
    expect(noGrad(() => jvp((y) => y.square(), [x], [tensor(1)])[1]).item()).toBe(4)
  })

  it('cuts what a transform sees when it stands inside of the function', () => {
    const f = (y: typeof x) => y.mul(noGrad(() => y.square()))
    expect(grad(f)(x).item()).toBe(4)
  })
})
