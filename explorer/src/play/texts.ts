/** Two sentences per view, by its path: what is seen here, and what to look at. */
export const about: Readonly<Record<string, string>> = {
  'play/neuron':
    'One neuron multiplies, adds, applies its activation and is compared with a target. Move w and watch the three factors whose product is its gradient; make z negative and see the gate close.',
  'play/two-input':
    'A neuron with two inputs has a gradient for each weight, and they differ in one factor only. Everything behind z is the same δ for all of them: move t, and all gradients change by the same factor.',
  'play/bce-221':
    'Nine parameters, two hidden neurons, a sigmoid and cross-entropy: the smallest network with everything in it. Follow one weight to the loss, then close a gate or push the output against 0 or 1.',
  'play/net-434':
    'Thirty-one parameters learn to flip a 2×2 picture along its diagonal. Toggle the bits: an input of 0 silences a row of ∂L/∂W1, a closed ReLU a column of it.',
  'play/paths':
    'A value that reaches the result in several ways collects a gradient along each of them, and they are added. Look at the paths of b, then double the paths until nobody could list them: they are still counted exactly.',
  'play/activations':
    'An activation f, and the slope f′ that it multiplies every gradient with. Move x into a stretch where f is flat: whatever comes from behind is multiplied by next to nothing there.',
  'play/gears':
    'In a chain each function turns the next one, faster or slower by its slope, as gears do; the ratios multiply. Nudge x, and compare what the slopes predict with what really happens.',
  'play/modes':
    'Forward mode asks each input what it does, reverse mode asks each output what caused it. Change the numbers of inputs and outputs: the operations are counted, the times measured on your machine.',
  'play/depth':
    'A deep network multiplies one factor per layer, so that what arrives in layer 1 may be nearly nothing or far too much. Change the depth, then try what helps: another activation, another start, shortcuts, normalisation.',
  'learn/tour':
    'Nine stations, each with the page in another state. Everything works on the way: move, select and play as you like, then go on.',
  'learn/blame':
    'A bad meal: the guest blames the chef, the chef the supplier, the supplier the farmer. In eight steps the blame becomes a gradient, with all numbers worked out by the library.',
  'learn/lines':
    'Short programs, one line after the other, with what each is for and everything that is known when it has run. Choose a line, or let the player go through them; the last lines ask for gradients.',
  'learn/exercises':
    'Five questions with numbers for an answer; three digits are enough. A wrong answer gets a hint where it shows what went wrong, and the way to the right one can be opened.',
}
