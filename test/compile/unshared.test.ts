/** Where memory cannot be shared between threads, growing detaches all arrays over it: what lives there must follow. */
import { expect, it, vi } from 'vitest'

vi.stubGlobal('SharedArrayBuffer', undefined)
const { compile, noGrad, tensor, zeros } = await import('../../src/index.ts')
const { findWasm } = await import('../../src/backends/wasm/wasm.ts')

it('parameters, gradients and saved values survive growth', () => {
  const heap = findWasm()!
  expect(heap.shared).toBe(false)
  const w = tensor([1, 2], { requiresGrad: true })
  const step = compile((x: typeof w) => {
    w.grad = null
    const loss = w.square().mul(x).sum()
    loss.backward()
    return loss
  })
  const forward = compile((x: typeof w) => w.exp().mul(x).sum())
  const x = tensor([3, 4])
  step(x)
  const y = forward(x)
  const before = heap.bytes.length
  const other = zeros([3_000_000])
  const large = compile(() => noGrad(() => other.add_(1)))
  large()
  expect(heap.bytes.length).toBeGreaterThan(before)
  expect(w.toArray()).toEqual([1, 2])
  expect(w.grad!.toArray()).toEqual([6, 16])
  const { grad } = w
  expect(step(x).item()).toBe(19)
  expect(w.grad).toBe(grad)
  expect(w.grad!.toArray()).toEqual([6, 16])
  w.grad = null
  y.backward()
  const [a, b] = w.grad!.toArray() as number[]
  expect(a).toBeCloseTo(3 * Math.E, 5)
  expect(b).toBeCloseTo(4 * Math.E ** 2, 4)
})
