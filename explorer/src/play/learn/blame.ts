/** The blame chain, from the bad meal to the gradient. */
import { blame } from '../programs/blame.ts'
import { about } from '../texts.ts'
import { blameChapters } from './blame-chapters.ts'
import { storyPage } from './story-page.tsx'

export const Blame = storyPage({
  program: blame,
  about: about['learn/blame'],
  chapters: blameChapters,
  heads: ['in the kitchen', 'in the network'],
})
