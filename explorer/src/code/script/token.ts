/** The token by which the page shows `chainrule explore` that it is the one that the command has opened. */

const KEY = 'chainrule.token'
let kept: string | null = null

/**
 * Takes the token out of the address, so that it is in no link that is copied from there. It is kept for this tab, so that
 * the page can be loaded again. Null where the page does not come from the command.
 */
export function takeToken(): string | null {
  const query = new URLSearchParams(location.search)
  const given = query.get('token')
  if (given !== null) {
    query.delete('token')
    const rest = query.size > 0 ? `?${query}` : ''
    history.replaceState(history.state, '', `${location.pathname}${rest}${location.hash}`)
  }
  try {
    if (given !== null) sessionStorage.setItem(KEY, given)
    return sessionStorage.getItem(KEY) ?? given
  } catch {
    // Without storage the token lasts until the page is loaded again.
    return (kept ??= given)
  }
}
