/** Without WebAssembly compiled functions compute the same, by the interpreter. */
import { expect, it, vi } from 'vitest'

vi.stubEnv('CHAINRULE_WASM', 'off')
const { compile, tensor } = await import('../../src/index.ts')
const { findWasm } = await import('../../src/backends/wasm/wasm.ts')

it('trains, and is differentiated from outside', () => {
  expect(findWasm()).toBeUndefined()
  const w = tensor([1, 2], { requiresGrad: true })
  const step = compile((x: typeof w) => {
    w.grad = null
    const loss = w.square().mul(x).sum()
    loss.backward()
    return loss
  })
  const forward = compile((x: typeof w) => w.square().mul(x).sum())
  for (const k of [1, 2]) {
    const x = tensor([3 * k, 4])
    expect(step(x).item()).toBe(3 * k + 16)
    expect(w.grad!.toArray()).toEqual([6 * k, 16])
    w.grad = null
    const [a, b] = [forward(x), forward(tensor([0, 1]))]
    a.backward()
    b.backward()
    expect(w.grad!.toArray()).toEqual([6 * k, 20])
  }
})
