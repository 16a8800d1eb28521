/** The derivatives that every course lists: each function beside its derivative, as they are written on paper. */
import { freeArgs } from '../../scalar/index.ts'
import { type Block, type Cell, type Column, Document } from '../render/document.ts'
import { equals, fromScalar, partial, type Typeset } from '../render/typeset.ts'
import type { Derivation } from './model.ts'

export class DerivativeTable extends Document {
  readonly title = 'Common derivatives'
  readonly derivations: readonly Derivation[]

  constructor(derivations: readonly Derivation[]) {
    super()
    this.derivations = derivations
  }

  blocks(): Block[] {
    const heads = ['Name', 'Function', 'Derivative', 'Where']
    const columns = heads.map((head): Column => ({ head, align: 'left' }))
    return [{ is: 'table', columns, rows: this.derivations.map(rowOf) }]
  }
}

function rowOf(d: Derivation): Cell[] {
  const f = d.steps.findLast(({ of }) => of === 'function')?.is ?? d.formula
  const slope = d.steps.findLast(({ of }) => of === 'derivative')!.is
  const named = freeArgs(slope).filter((name) => name in d.symbols && name !== d.result)
  return [
    d.name,
    equals(d.result, fromScalar(f)),
    equals(partial(d.result, d.wrt), fromScalar(slope)),
    named.map((name): Typeset => equals(name, fromScalar(d.symbols[name]))),
  ]
}
