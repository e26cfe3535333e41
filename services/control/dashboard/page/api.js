const KEY = 'stillin-token'

/** The token of the printed link: kept for this tab, gone from the address and from the history. */
export function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token')
  if (given) {
    sessionStorage.setItem(KEY, given)
    history.replaceState(null, '', location.pathname)
  }
  return sessionStorage.getItem(KEY)
}

/** The answer's JSON. Throws an Error with control's own reason. */
export async function ask(method, path, body, limitMs = 70_000) {
  const response = await fetch(path, {
    method,
    headers: {
      authorization: `Bearer ${sessionStorage.getItem(KEY)}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    signal: AbortSignal.timeout(limitMs),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const answer = text === '' ? {} : JSON.parse(text)
  if (!response.ok)
    throw Object.assign(new Error(answer.message ?? `${response.status} ${answer.error}`), {
      status: response.status,
    })
  return answer
}

/** A button that does something at control and says what came of it. */
export function whenPressed(button, said, act) {
  button.addEventListener('click', async () => {
    if (button.getAttribute('aria-busy') === 'true') return
    button.setAttribute('aria-busy', 'true')
    said.textContent = '…'
    try {
      said.textContent = (await act())?.text ?? ''
    } catch (error) {
      said.textContent = `Not done: ${error.message}`
    } finally {
      button.removeAttribute('aria-busy')
    }
  })
}
