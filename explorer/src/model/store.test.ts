import { tensor } from 'chainrule'
import { beforeEach, describe, expect, it } from 'vitest'
import { localSession } from './local.ts'
import { NOTHING, seekCall, show, update, useExplorer } from './store.ts'

const sumOf = (values: readonly number[]) =>
  localSession('test', () =>
    tensor([...values], { requiresGrad: true, name: 'x' })
      .square()
      .sum()
      .backward(),
  )

describe('a session of the same structure', () => {
  beforeEach(() => {
    update(NOTHING)
    show(sumOf([1, 2, 3]))
  })

  it('keeps step and selection', () => {
    update({ selected: { node: 0, index: 2 }, root: { node: 2, index: 0 }, step: 1 })
    show(sumOf([4, 5, 6]))
    expect(useExplorer.getState()).toMatchObject({
      selected: { node: 0, index: 2 },
      root: { node: 2, index: 0 },
      step: 1,
    })
  })

  it('has its first element selected where the one that was is not there any more', () => {
    update({ selected: { node: 0, index: 2 } })
    show(sumOf([4, 5]))
    expect(useExplorer.getState().selected).toEqual({ node: 0, index: 0 })
  })
})

it('has the gradients of a call whole at its last step', () => {
  update(NOTHING)
  const twice = localSession('test', () => {
    const x = tensor(3, { requiresGrad: true, name: 'x' })
    x.square().backward()
    x.mul(5).backward()
  })
  show(twice)
  seekCall(0)
  const { step } = useExplorer.getState()
  expect(twice.trace.steps.map(({ call }) => call).lastIndexOf(0)).toBe(step)
})
