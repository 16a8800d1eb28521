/** Finds what is visible and where it stands off the page's thread. Here are only the messages. */
import { type Order, placedFor } from './placed.ts'

const scope = self as unknown as { onmessage: (event: MessageEvent<Order>) => void; postMessage(x: unknown): void }

scope.onmessage = ({ data: { structure, open, room } }) => {
  try {
    scope.postMessage({ placed: placedFor(structure, open, room) })
  } catch (error) {
    scope.postMessage({ error: (error as Error).message })
  }
}
