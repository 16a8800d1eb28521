/** The base of every error that this library throws: `catch (e) { if (e instanceof ChainruleError) ... }`. */
export class ChainruleError extends Error {
  override readonly name: string = 'ChainruleError'
}
