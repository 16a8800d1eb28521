/** Which flags CHAINRULE_V8 turns into, without setting them. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ArgumentError } from '../../errors/index.ts'

const set = vi.spyOn(process.getBuiltinModule('node:v8'), 'setFlagsFromString').mockImplementation(() => {})

/** As if nothing had been switched on yet, on that version of Node. */
async function fresh(node: string) {
  vi.resetModules()
  vi.spyOn(process, 'versions', 'get').mockReturnValue({ ...process.versions, node })
  return import('./engine.ts')
}

afterEach(() => {
  set.mockClear()
  vi.unstubAllEnvs()
})

describe('switchOn', () => {
  it('does nothing unasked', async () => {
    vi.stubEnv('CHAINRULE_V8', undefined)
    const { revectorizes, switchOn } = await fresh('24.1.0')
    switchOn()
    expect(set).not.toHaveBeenCalled()
    expect(revectorizes()).toBe(false)
  })

  it('sets the flags that the engine has and needs, once', async () => {
    vi.stubEnv('CHAINRULE_V8', 'relaxed-simd, revectorize')
    const { revectorizes, switchOn } = await fresh('24.1.0')
    switchOn()
    switchOn()
    expect(set.mock.calls).toEqual([['--experimental-wasm-revectorize']])
    expect(revectorizes()).toBe(true)
    const older = await fresh('20.20.2')
    older.switchOn()
    expect(set.mock.calls.slice(1)).toEqual([['--experimental-wasm-relaxed-simd']])
    expect(older.revectorizes()).toBe(false)
  })

  it('refuses what it does not know', async () => {
    const { switchOn } = await fresh('24.1.0')
    expect(() => switchOn('revectorise')).toThrow(
      "CHAINRULE_V8: there is no feature 'revectorise'; known are relaxed-simd and revectorize, separated by commas",
    )
    expect(() => switchOn('revectorise')).toThrow(expect.objectContaining({ name: ArgumentError.name }))
    expect(set).not.toHaveBeenCalled()
  })
})
