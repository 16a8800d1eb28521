/** The player: steps through a program and says what happens. */
export { stepBy, togglePlay } from './actions.ts'
export { Player } from './player.tsx'
