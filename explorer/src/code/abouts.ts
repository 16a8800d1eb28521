/** Two sentences for each view: what is seen there, and what to look at. */

export const codeAbout =
  'Your own program in TypeScript, run in this page and traced op by op. Beside each line stand its last value and the ' +
  'gradient ∇ that backward brought to it; click there to find the value in the graph.'

export const formulaAbout =
  'A formula as on paper: every name in it gets a slider. Move one and watch which gradients change; their size is how ' +
  'fast the last value answers to that name.'

export const scriptAbout =
  'The script that chainrule explore was started with. Save it in your editor and it runs again; step and selection stay.'
