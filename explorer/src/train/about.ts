/** What is seen here, and what to look at. */
export const about =
  'A network learns, step by step, in this page: press Play and watch the loss fall and the line between the classes move. Click any step of a chart to open its graph, with the very numbers of that step.'
