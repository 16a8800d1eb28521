/** Which program follows which listing, and what it prints beside the listing's own output. */

export interface Listing {
  /** The case whose `stdout` it prints. */
  readonly id?: string
  /** Lines of that output which the program prints otherwise: the article errs, or they are round-off. */
  readonly corrected?: Readonly<Record<string, string | RegExp>>
  /** What follows, or everything where no output is known. */
  readonly further?: readonly (string | RegExp)[]
  /** Instead of all that: lines that are there, in this order, among others which are the library's own. */
  readonly among?: readonly RegExp[]
}

const norms = ['6', '4', '2', '0'].flatMap((layer) =>
  ['bias', 'weight'].map((kind) => new RegExp(`^${layer}\\.${kind} : \\d\\.\\d\\de-\\d\\d$`)),
)

export const listings: Readonly<Record<string, Listing>> = {
  '000-activation-gradients': { id: 's000-activation-gradients' },
  '000-linear-jacobian': { id: 's000-linear-jacobian-random' },
  '000-neuron': { id: 's000-neuron-sigmoid' },
  '000-trace-gradients': {
    id: 's000-trace-gradients',
    further: [
      ...['=== Sigmoid network ===', '', 'Gradient norms (output → input):', ...norms],
      ...['', '=== ReLU network ===', '', 'Gradient norms (output → input):', ...norms],
    ],
  },
  '001-autograd': { id: 's001-two-layer-autograd' },
  '001-chain-rule-basic': {
    id: 's001-chain-basic',
    further: [
      '',
      'dg/dx = 3.0',
      'df/du = 2*7.0 = 14.0',
      'dh/dx = df/du * dg/dx = 14.0 * 3.0 = 42.0',
      'autograd: dh/dx = 42.0',
      'numerical: dh/dx = 42.0000',
    ],
  },
  '001-neuron': { id: 's001-neuron-relu' },
  '001-two-layers': {
    id: 's001-two-layer',
    further: [
      'dloss/dy = 2*(y-target) = -4.0',
      'dloss/dw2 = dloss/dy * h = -4.0 * 1.5 = -6.0',
      'dloss/db2 = dloss/dy * 1 = -4.0',
      'dloss/dh = dloss/dy * w2 = -4.0 * 2.0 = -8.0',
      "dloss/dz1 = dloss/dh * relu'(z1) = -8.0 * 1.0 = -8.0",
      'dloss/dw1 = dloss/dz1 * x = -8.0 * 3.0 = -24.0',
      'dloss/db1 = dloss/dz1 * 1 = -8.0',
    ],
  },
  '002-autograd': { further: ['w1.grad = tensor(1.5600)', 'w2.grad = tensor(-2.6000)'] },
  '002-blame-chain': {
    further: [
      'x = 2 → h₁ = 1.25 → h₂ = -1.375 → h₃ = -3 → L = 16',
      'How much did Layer 3 cause this? ∂L/∂w₃ = 11',
      'How much did Layer 2 cause this? ∂L/∂w₂ = -20',
      'How much did Layer 1 cause this? ∂L/∂w₁ = 48',
    ],
  },
  '002-chain-rule': {
    further: ['u = 3x + 2 = 5', 'f = u² = 25', 'df/dx = df/du × du/dx = 10 × 3 = 30', 'autograd: df/dx = 30'],
  },
  '002-forward-backward': {
    further: [
      ...['z = w × x = 2 × 3 = 6', 'h = z + b = 6 + 1 = 7', 'L = h² = 7² = 49', ''],
      ...['dL/dL = 1', 'dL/dh = 2 × 7 = 14', 'dL/dz = 14 × 1 = 14', 'dL/db = 14 × 1 = 14'],
      ...['dL/dw = 14 × 3 = 42', 'dL/dx = 14 × 2 = 28', 'w gets 3× more blame than b!'],
    ],
  },
  '002-mode-cost': {
    further: [
      'a million weights, one loss: forward mode 1,000,000, reverse mode 1 (reverse wins)',
      'GPT-3, 175 billion weights, one loss: forward mode 175,000,000,000, reverse mode 1 (reverse wins)',
      'one input, a thousand outputs: forward mode 1, reverse mode 1,000 (forward wins)',
      ...['', 'A network of 3,072 weights, its costs counted in forward passes:', /^going back: (1\.[6-9]|2\.0)$/],
      /^all gradients by reverse mode: (2\.[6-9]|3\.0)$/,
      /^all gradients by forward mode: \d{4}\.\d$/,
    ],
  },
  '002-two-layers': {
    further: [
      'z1 = 1.0, a1 = 1.0, z2 = -0.3, L = 1.69',
      ...['dL/dz2 = -2.6', 'dL/dw2 = -2.6', 'dL/da1 = 0.78', 'dL/dz1 = 0.78', 'dL/dw1 = 1.56'],
      ...['w1: 0.5 → 0.344', 'w2: -0.3 → -0.04', 'L: 1.69 → 1.06'],
    ],
  },
  '003-anchor': {
    among: [
      /^z1 = \[0\.33 0\.13\], a1 = \[0\.33 0\.13\], z2 = 0\.146, ŷ = 0\.536, L = 0\.769$/,
      ...[/^= 0\.5364 × 0\.6 × 1 × 0\.5$/, /^= 0\.1609$/, /^∂L\/∂z2 .* 0\.5364$/, /^∂z2\/∂a1\[0\] .* 0\.6$/],
      ...[/^∂a1\[0\]\/∂z1\[0\] .* 1$/, /^∂z1\[0\]\/∂W1\[0,0\] .* 0\.5$/, /^✓ .* 0\.1609/],
      ...[/^∂L\/∂ŷ .* 2\.157$/, /^∂L\/∂z2 .* 0\.5364$/, /^∂z2\/∂a1\[0\] .* 0\.6$/, /^∂L\/∂a1\[0\] .* 0\.3219$/],
      ...[/^∂a1\[0\]\/∂z1\[0\] .* 1$/, /^∂L\/∂z1\[0\] .* 0\.3219$/, /^∂z1\[0\]\/∂W1\[0,0\] .* 0\.5$/],
      /^∂L\/∂W1\[0,0\] .* 0\.1609$/,
    ],
  },
  '003-finite-differences': { id: 's003-finite-differences' },
  '004-affine-backward': {
    further: ['[4]', '[1,4]'].flatMap((shape) => [
      `b ${shape}: gradients right: true`,
      ...[`dX [2,3]`, `dW [3,4]`, `db ${shape}`].map((gradient) => `${gradient}, error 0.00e+00`),
    ]),
  },
  '004-computational-graph': { id: 's004-sigmoid-graph' },
  '004-forward-vs-reverse': { id: 's004-forward-vs-reverse' },
  // the difference of the two is what rounding leaves
  '004-sin-x2': { id: 's004-sin-x2', corrected: { 'Difference: 2.65e-09': /^Difference: \d\.\d\de-09$/ } },
  '004-jacobian-composition': { id: 's004-jacobian-composition' },
  '004-gradient-flow': {
    id: 's004-gradient-flow-50',
    corrected: {
      '- Sigmoid: Gradients vanish rapidly (factor ~0.25 per layer)':
        '- Sigmoid: Gradients vanish rapidly (mean factor 0.21 per layer, at most 0.25)',
      '- Tanh: Gradients vanish, but slower than sigmoid':
        '- Tanh: Gradients vanish, but slower than sigmoid (mean factor 0.60 per layer)',
      '- ReLU: Gradients preserved on average (factor 0.5 per layer when units are active)':
        '- ReLU: Gradients pass unchanged or not at all (mean factor 0.50 per layer, 1 when units are active)',
      'This is why modern deep networks use ReLU-family activations!':
        'What keeps deep ReLU networks trainable is not this factor: it is initialisation, normalisation and residual paths.',
    },
  },
}
