/** The table: everything the graph shows, in rows. */
export { TableView } from './table.tsx'
