/** What is known of the selected value, in four tabs. */
export { Inspector } from './inspector.tsx'
