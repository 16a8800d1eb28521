/** The five exercises of article 003: their numbers, the worked solutions, and which answers are accepted. */
import { describe, expect, test } from 'vitest'
import { exercises, judge } from '../../src/explain/index.ts'
import { grad, gradients, type Tensor, tensor } from '../../src/index.ts'
import { anchor, elementOf } from './anchor.ts'
import { float64, gradientsOf, near, seedCase } from './cases.ts'

const [tanhNeuron, otherWeight, sigmoidHidden, differenceError, tenLayers] = exercises()

seedCase('s003-ex1-tanh-neuron', (subject) => {
  const { w, x, b } = subject.leaves()
  const z = w.mul(x).add(b)
  const y = z.tanh()
  const found = gradientsOf(y, { w, x, b })
  subject.check({ forward: { z, y }, gradients: found, other: { dy_dz: grad((z: Tensor) => z.tanh())(z) } })
  expect(tanhNeuron.questions[0].answer).toBe(found.w.item())
})

seedCase('s003-ex2-w1-21', (subject) => {
  const leaves = subject.leaves()
  const { z1, a1, z2, L } = anchor(leaves)
  const factors = {
    dL_dz2: elementOf(gradients(L, [z2], { retainGraph: true }), 0),
    dz2_da1_2: elementOf(gradients(z2, [a1], { retainGraph: true }), 1),
    da1_2_dz1_2: elementOf(gradients(a1.at(1), [z1], { retainGraph: true }), 1),
    dz1_2_dW1_21: elementOf(gradients(z1.at(1), [leaves.W1], { retainGraph: true }), 1, 0),
  }
  const W1_21 = elementOf(gradients(L, [leaves.W1]), 1, 0)
  const { dL_dz2, ...others } = factors
  const product = (first: number) => Object.values(others).reduce((product, factor) => product * factor, first)
  expect(near(product(dL_dz2), W1_21)).toBe(true)
  subject.check({
    forward: { z1_2: z1.at(1), a1_2: a1.at(1) },
    gradients: { W1_21 },
    other: { factors, withRoundedInput: product(0.536) },
  })
  expect(near(otherWeight.questions[0].answer, W1_21)).toBe(true)
  expect(judge(otherWeight.questions[0], product(0.536)).right).toBe(true)
})

seedCase('s003-ex3-sigmoid-hidden', (subject) => {
  const leaves = subject.leaves()
  const before = anchor(leaves)
  const after = anchor(leaves, (z) => z.sigmoid())
  const { x, W1, b1, W2, b2 } = leaves
  const slope = elementOf(gradients(after.a1.at(0), [after.z1], { retainGraph: true }), 0)
  const relu = elementOf(gradients(before.L, [W1]), 0, 0)
  const found = gradientsOf(after.L, { W1, b1, W2, b2, x })
  const { z1, a1, z2, yhat, L } = after
  const [held, whole] = [relu * slope, found.W1.at(0, 0).item()]
  subject.check({
    forward: { z1, a1, z2: z2.item(), yhat: yhat.item(), L },
    gradients: found,
    other: {
      sigma_prime_033: slope,
      dL_dW1_11_heldUpstream: held,
      dL_dW1_11_fullRecompute: whole,
      ratio_heldUpstream: held / relu,
      yhat_relu: before.yhat.item(),
      yhat_sigmoid: yhat.item(),
    },
  })
  const [factor, gradient] = sigmoidHidden.questions
  // the question keeps the other factors; whoever runs the network again is within its one per cent
  expect(near(factor.answer, slope) && near(gradient.answer, held)).toBe(true)
  for (const answer of [0.0392, 0.039, held, whole]) expect(judge(gradient, answer).right, `${answer}`).toBe(true)
})

seedCase('s003-ex4-fd-order', (subject) => {
  const { z, x } = subject.leaves()
  const y = (moved: Tensor): Tensor => z.add(x.mul(moved)).sigmoid()
  const zero = tensor(0, float64)
  const exact = grad(y)(zero)
  const at = (moved: number) => y(tensor(moved, float64)).item()
  const rows = (subject.data.inputs.eps as number[]).map((eps) => ({
    eps,
    forwardError: Math.abs((at(eps) - at(0)) / eps - exact.item()),
    centralError: Math.abs((at(eps) - at(-eps)) / (2 * eps) - exact.item()),
  }))
  const order = (which: 'forwardError' | 'centralError') => Math.log10(rows[0][which] / rows[1][which])
  const second = grad(grad(y))
  const measuredOrder = { forward: order('forwardError'), central: order('centralError') }
  const leadingCoefficients = {
    forward: Math.abs(second(zero).item()) / 2,
    central: Math.abs(grad(second)(zero).item()) / 6,
  }
  const rounded = ({ forward, central }: typeof measuredOrder) => ({
    forward: Math.round(forward),
    central: Math.round(central),
  })
  const { rows: wanted, leadingCoefficients: given } = subject.data.expected.other as {
    rows: typeof rows
    leadingCoefficients: typeof leadingCoefficients
  }
  subject.check({ gradients: { w: exact }, other: { measuredOrder, orders: rounded(measuredOrder) } }, [
    'other.rows',
    'other.leadingCoefficients',
  ])
  // below these steps rounding takes over, which is the machine's
  for (const [i, row] of rows.entries()) {
    expect(row.eps).toBe(wanted[i].eps)
    if (row.eps >= 1e-4) expect(near(row.forwardError, wanted[i].forwardError, 1e-6)).toBe(true)
    if (row.eps >= 1e-3) expect(near(row.centralError, wanted[i].centralError, 1e-3)).toBe(true)
  }
  // the case measured them, at the steps where the errors still follow the law
  expect(near(leadingCoefficients.forward, given.forward, 1e-4)).toBe(true)
  expect(near(leadingCoefficients.central, given.central, 1e-4)).toBe(true)
  expect(differenceError.questions.map(({ answer }) => answer)).toEqual(Object.values(rounded(measuredOrder)))
})

seedCase('s003-ex5-ten-sigmoid-layers', (subject) => {
  const [layers, slope] = [subject.number('layers'), subject.number('maxDerivative')]
  const ratio = slope ** (layers - 1)
  subject.check({
    other: { ratio, orderOfMagnitude: Math.floor(Math.log10(ratio)), ratioIfTenFactors: slope ** layers },
  })
  // a real network of ten layers with every sigmoid at its steepest
  const [question] = tenLayers.questions
  expect(near(question.answer, ratio)).toBe(true)
  for (const answer of [ratio, slope ** layers, 1e-6]) expect(judge(question, answer).right, `${answer}`).toBe(true)
  expect(judge(question, 1e-4).right).toBe(false)
})

describe('exercises', () => {
  test('every solution ends at the answer, and every answer of three digits is right', () => {
    for (const { questions, solution, title } of exercises()) {
      for (const question of questions) {
        expect(judge(question, question.answer).right, title).toBe(true)
        expect(judge(question, Number(question.answer.toPrecision(3))).right, title).toBe(true)
        expect(judge(question, Number.NaN).right, title).toBe(false)
        for (const slip of question.slips)
          expect(judge(question, slip.answer)).toEqual({ right: false, says: slip.hint })
        expect(
          solution.some(({ value }) => near(value, question.answer, 0.02)),
          `${title}: ${question.ask}`,
        ).toBe(true)
      }
      for (const { formula } of solution) expect(formula, title).toMatch(/ = -?\d/)
    }
  })

  test('the ways there multiply to the answers', () => {
    const product = (values: readonly number[]) => values.reduce((product, value) => product * value, 1)
    const values = otherWeight.solution.map(({ value }) => value)
    expect(near(product(values.slice(0, 4)), otherWeight.questions[0].answer)).toBe(true)
    const [, , slope, x, answer] = tanhNeuron.solution.map(({ value }) => value)
    expect(near(slope * x, answer)).toBe(true)
  })
})
