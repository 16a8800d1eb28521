import { describe, expect, it } from 'vitest'
import { LinkError, packSource, unpackSource } from './pack.ts'

const program = `import { tensor } from 'chainrule'\nconst w = tensor(3, { requiresGrad: true })\nw.square().backward() // é ∂\n`

describe('a program in a link', () => {
  it.each(['', 'x', program, program.repeat(40)])('comes out as it went in', async (source) => {
    expect(await unpackSource(await packSource(source))).toBe(source)
  })

  it('is made of characters that links leave alone, and short where it repeats itself', async () => {
    const packed = await packSource(program.repeat(40))
    expect(packed).toMatch(/^d1\.[\w-]+$/)
    expect(packed.length).toBeLessThan(program.length * 2)
  })

  it('says where it is damaged', async () => {
    const packed = await packSource(program)
    const refused = async (text: string) => unpackSource(text).then(String, (error: LinkError) => error)
    expect(await refused(`${packed.slice(0, 9)}!${packed.slice(10)}`)).toMatchObject({
      name: 'LinkError',
      message: 'The program in the link is damaged at character 7.',
    })
    expect(await refused(packed.slice(0, 43))).toBeInstanceOf(LinkError)
    expect(await refused('hello')).toMatchObject({ message: expect.stringContaining('first characters') })
    expect(await refused('d7.abcd')).toMatchObject({ message: expect.stringContaining('later version ("d7")') })
  })

  it('does not grow without end', async () => {
    const packed = await packSource('a'.repeat(1_000_001))
    await expect(unpackSource(packed)).rejects.toThrow('longer than 1000000 characters')
  })
})
