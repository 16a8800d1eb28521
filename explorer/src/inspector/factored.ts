/** Paths that begin alike, as a tree: what they share is multiplied once. */
import type { ExplanationJson, FactorJson } from 'chainrule/explain'

export interface Branch {
  readonly factor: FactorJson | null
  readonly inside: Branch[]
  /** Sum of the products of the paths below, without the factors above. */
  total: number
}

export function factored({ paths }: ExplanationJson): Branch {
  const top: Branch = { factor: null, inside: [], total: 0 }
  for (const { factors } of paths) {
    let at = top
    factors.forEach((factor, i) => {
      const isLast = i === factors.length - 1
      let next = isLast ? undefined : at.inside.find(({ factor: known }) => known !== null && isSame(known, factor))
      if (!next) {
        next = { factor, inside: [], total: 0 }
        at.inside.push(next)
      }
      at = next
    })
  }
  sum(top)
  return top
}

const isSame = (a: FactorJson, b: FactorJson): boolean =>
  a.of === b.of && a.wrt === b.wrt && a.value === b.value && a.formula === b.formula

/** From the leaves up; a path may be longer than the stack is deep. */
function sum(top: Branch): void {
  const order = [top]
  for (let i = 0; i < order.length; i++) order.push(...order[i].inside)
  for (const branch of order.reverse()) {
    const below = branch.inside.length === 0 ? 1 : branch.inside.reduce((all, { total }) => all + total, 0)
    branch.total = below * Number(branch.factor?.value ?? 1)
  }
}

/** A branch with the ones after it for as long as there is only one way on. */
export function stretch(branch: Branch): Branch[] {
  const all = [branch]
  for (let at = branch; at.inside.length === 1; ) {
    at = at.inside[0]
    all.push(at)
  }
  return all
}
