import { describe, expect, it } from 'vitest'
import { ones } from '../index.ts'
import { Linear, Module, ReLU, Sequential } from './index.ts'
import { observeModules } from './observe.ts'

describe('observeModules', () => {
  it('tells of every forward, nested ones in between, and puts everything back', () => {
    const model = new Sequential(new Linear(2, 2), new ReLU())
    const before = Linear.prototype.forward
    const told: string[] = []
    const stop = observeModules<Module>({
      entered: (m) => told.push(`+${m.constructor.name}`),
      left: (m, y) => told.push(`-${m.constructor.name} ${y === undefined ? 'threw' : 'returned'}`),
    })
    class Late extends Module {
      forward(): never {
        throw new Error('no')
      }
    }
    model.forward(ones([1, 2]))
    expect(() => new Late().forward()).toThrow('no')
    stop()
    expect(told).toEqual([
      '+Sequential',
      '+Linear',
      '-Linear returned',
      '+ReLU',
      '-ReLU returned',
      '-Sequential returned',
      '+Late',
      '-Late threw',
    ])
    expect(Linear.prototype.forward).toBe(before)
    model.forward(ones([1, 2]))
    expect(told.length).toBe(8)
  })
})
