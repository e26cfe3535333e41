import { LAB } from '#contract/lab.ts'

export interface Answer {
  status: number
  headers: Headers
  /** The JSON body; undefined where there is none. */
  body: Record<string, unknown> | undefined
}

/** A client that keeps what a login gives it: a cookie or a token. */
export class Client {
  headers: Record<string, string> = {}
  /** In bearer modes whose renewal is by pair. */
  refreshToken: string | undefined
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: {
        ...this.headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const parsed = text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>)
    this.#keep(response, parsed)
    return { status: response.status, headers: response.headers, body: parsed }
  }

  login(
    username = 'user-1',
    password: string = LAB.password,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return this.send('POST', '/login', { username, password }, headers)
  }

  me(): Promise<Answer> {
    return this.send('GET', '/me')
  }

  write(data: unknown): Promise<Answer> {
    return this.send('PUT', '/me/data', data, { 'x-csrf': '1' })
  }

  logout(path = '/logout'): Promise<Answer> {
    return this.send('POST', path, undefined, { 'x-csrf': '1' })
  }

  refresh(): Promise<Answer> {
    const body = this.refreshToken === undefined ? undefined : { refreshToken: this.refreshToken }
    return this.send('POST', '/refresh', body, { 'x-csrf': '1' })
  }

  /** A second client that holds the same credential. */
  twin(): Client {
    const twin = new Client(this.#url)
    twin.headers = { ...this.headers }
    twin.refreshToken = this.refreshToken
    return twin
  }

  #keep(response: Response, body: Record<string, unknown> | undefined): void {
    if (typeof body?.['accessToken'] === 'string')
      this.headers['authorization'] = `Bearer ${body['accessToken']}`
    const renewed = response.headers.get('x-access-token')
    if (renewed !== null) this.headers['authorization'] = `Bearer ${renewed}`
    if (typeof body?.['refreshToken'] === 'string') this.refreshToken = body['refreshToken']
    const kept = new Map(cookiePairs(this.headers['cookie'] ?? ''))
    for (const line of response.headers.getSetCookie())
      for (const [name, pair] of cookiePairs(line.split(';')[0] ?? '')) kept.set(name, pair)
    if (kept.size > 0) this.headers['cookie'] = [...kept.values()].join('; ')
  }
}

/** `a=1; b=2` as name and pair. */
function cookiePairs(header: string): [string, string][] {
  return header.split('; ').flatMap((pair) => {
    const equals = pair.indexOf('=')
    return equals > 0 ? [[pair.slice(0, equals), pair] as [string, string]] : []
  })
}
