/**
 * Article 003, "Test Your Understanding": the five exercises with their solutions. To try one first:
 * `node dist-examples/seeds/003-exercises.js 1 0.489` judges 0.489 as the answer to the first; further numbers answer
 * its further questions.
 */
import { type Exercise, exercises, judge } from 'chainrule/explain'

/** Breaks a line at 80 columns, the rest indented. */
function wrap(text: string, indent: string): string {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1]
    if (line !== '' && indent.length + line.length + 1 + word.length > 80) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines.join(`\n${indent}`)
}

function printSolution({ title, prompt, solution }: Exercise, number: number): void {
  console.log(`${number > 1 ? '\n' : ''}${number}. ${title}`)
  console.log(`   ${wrap(prompt, '   ')}`)
  for (const { says, formula } of solution) console.log(`   - ${wrap(says, '     ')}\n       ${formula}`)
}

const all = exercises()
const [which, ...answers] = process.argv.slice(2).map(Number)
const chosen = all[which - 1]
if (chosen === undefined) for (const [i, exercise] of all.entries()) printSolution(exercise, i + 1)
else {
  for (const [i, question] of chosen.questions.entries())
    console.log(`${question.ask}: ${answers[i] === undefined ? 'no answer' : judge(question, answers[i]).says}`)
}
