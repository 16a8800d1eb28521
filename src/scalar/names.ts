/**
 * Names in formulas: w1 is w with a subscript, beta a Greek letter, W[0,1] an element. Whatever else a name consists of
 * is shown as it is, so a name can never act as markup.
 */

const greek = new Map(
  (
    'alpha α beta β gamma γ delta δ epsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν xi ξ pi π rho ρ ' +
    'sigma σ tau τ upsilon υ phi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ ' +
    'Upsilon Υ Phi Φ Psi Ψ Omega Ω'
  )
    .match(/\w+ \S/g)!
    .map((pair) => pair.split(' ') as [string, string]),
)
const greekWord = new Map([...greek].map(([word, letter]) => [letter, word]))

type Parts = { readonly stem: string; readonly sub?: string; readonly index?: string }

/** w, 1 for w1 and w_1; running, mean for running_mean; anything with more underscores, dots or marks is one word. */
function partsOf(name: string): Parts {
  const [, whole, index] = /^(.+)\[([\p{L}\p{N}\s,:.+-]+)\]$/su.exec(name) ?? ['', name]
  const [, stem, afterBar, digits] = /^(\p{L}[\p{L}\p{N}]*?)(?:_([\p{L}\p{N}]+)|(\d+))?$/u.exec(whole) ?? ['', whole]
  return { stem, sub: afterBar ?? digits, index }
}

/** x, w_{1} for w1 or w_1, \beta_{2} for beta2, \mathrm{running}_{\mathrm{mean}} for running_mean, (W_{1})_{0,0}. */
export function texName(name: string): string {
  const { stem, sub, index } = partsOf(name)
  const base = sub === undefined ? texWord(stem) : `${texWord(stem)}_{${texWord(sub)}}`
  if (index === undefined) return base
  return `${sub === undefined ? base : `(${base})`}_{${index.split(',').map((part) => texWord(part.trim()))}}`
}

/** Each mark as TeX shows it in math mode; the last two only look like it, as all that MathJax knows too. */
const texMarks: Readonly<Record<string, string>> = {
  ' ': '\\ ',
  '\\': '\\backslash ',
  '^': '{\\wedge}',
  '~': '{\\sim}',
}

/** One word without subscripts: \beta, x, \mathrm{loss}; primes at its end stay primes. */
export function texWord(word: string): string {
  const [, stem, primes] = /^(.+?)('*)$/s.exec(word) ?? ['', word, '']
  return texStem(stem) + primes
}

function texStem(word: string): string {
  if (greek.has(word)) return `\\${word}`
  if (/^(?:[A-Za-z]|\d+)$/.test(word)) return word
  const escaped = (run: string) => run.replace(/[\\{}$&#_%~^ ]/g, (mark) => texMarks[mark] ?? `\\${mark}`)
  return word.normalize('NFC').replace(/\p{ASCII}+|[α-ωΑ-Ω]|[^\p{ASCII}α-ωΑ-Ω]+/gu, (run) => {
    if (run <= '\x7f') return `\\mathrm{${escaped(run)}}`
    // An accent without its letter gets a circle to sit on.
    return greekWord.has(run) ? `\\${greekWord.get(run)}` : `\\text{${run.replace(/^(?=\p{M})/u, '◌')}}`
  })
}

/** <mi>x</mi>, or <msub> for a name that ends in a number or has an index. */
export function mathmlName(name: string): string {
  const { stem, sub, index } = partsOf(name)
  const base = sub === undefined ? mathmlWord(stem) : `<msub>${mathmlWord(stem)}${mathmlWord(sub)}</msub>`
  if (index === undefined) return base
  const indices = index.split(',').map((part) => mathmlWord(part.trim()))
  const element =
    sub === undefined ? base : `<mrow><mo stretchy="false">(</mo>${base}<mo stretchy="false">)</mo></mrow>`
  return `<msub>${element}<mrow>${indices.join('<mo>,</mo>')}</mrow></msub>`
}

/** One word without subscripts; primes at its end stay primes. */
export function mathmlWord(word: string): string {
  const [, stem, primes] = /^(.+?)('*)$/s.exec(word) ?? ['', word, '']
  if (/^\d+$/.test(word)) return `<mn>${word}</mn>`
  const base = `<mi>${escapeXml(greek.get(stem) ?? stem)}</mi>`
  return primes === '' ? base : `<msup>${base}<mo>${'′'.repeat(primes.length)}</mo></msup>`
}

const xml: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** For the text and the quoted attributes of XML and HTML. */
export const escapeXml = (text: string): string => text.replace(/[&<>"']/g, (mark) => xml[mark])
