/**
 * The conformance suite: every op of the registry against what its definition says, on one backend. A new elementwise op
 * needs no test, one of another kind a line in `samples/`.
 */
import { beforeAll, describe, it } from 'vitest'
import type { Op } from '../../src/ops/kinds/op.ts'
import { registry } from '../../src/ops/registry.ts'
import { type Backend, gapOf } from './backend.ts'
import { elementwiseDerivatives, elementwisePoints, elementwiseValues } from './elementwise.ts'
import { structured } from './structured.ts'

export function conformance(backend: Backend): void {
  beforeAll(() => backend.start?.())
  for (const op of registry.values()) {
    const reason = gapOf(backend, op)
    if (reason === undefined) describe(`${op.name} (${op.kind}) on ${backend.name}`, () => check(op, backend))
    else it.skip(`${op.name} on ${backend.name}: ${reason}`, () => undefined)
  }
}

function check(op: Op, backend: Backend): void {
  if (op.kind === 'elementwise') {
    elementwiseValues(op, backend)
    elementwisePoints(op)
    if (op.differentiable) elementwiseDerivatives(op)
  } else structured(op)
}
