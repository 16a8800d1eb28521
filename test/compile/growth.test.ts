/** State stays one and the same for eager code and all programs, however much the memory has grown since it moved there. */
import { add_, compile, noGrad, ones, tensor, zeros } from 'chainrule'
import * as optim from 'chainrule/optim'
import { expect, it } from 'vitest'

it('programs made before and after the memory has grown see the same parameters', () => {
  const w = tensor([1, 2, 3], { requiresGrad: true })
  const sgd = new optim.SGD([w], { lr: 1 })
  const step = compile((x: ReturnType<typeof tensor>) => {
    const loss = w.mul(x).sum()
    sgd.zeroGrad()
    loss.backward()
    sgd.step()
    return loss
  })
  const x = ones([3])
  step(x)
  // 64 MiB of state of its own
  const large = zeros([2 ** 24])
  compile(() => {
    add_(large, 1)
  })()
  const look = compile(() => w.mul(1))
  expect(noGrad(look).toArray()).toEqual([0, 1, 2])
  step(x)
  expect(w.toArray()).toEqual([-1, 0, 1])
  expect(noGrad(look).toArray()).toEqual([-1, 0, 1])
})
