import type { Answer } from '#bench/load/send.ts'
import { COOKIES } from '#contract/headers.ts'
import type { HandedOut } from './held.ts'

/** What an answer hands out: cookies that are set, and tokens in the body. */
export function handedOut({ setCookies, body }: Pick<Answer, 'setCookies' | 'body'>): HandedOut {
  const cookies: Record<string, string> = {}
  let livesS: number | undefined
  for (const line of setCookies) {
    const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(line) ?? []
    if (value === '') continue
    cookies[name] = value
    const age = /;\s*max-age=(\d+)/i.exec(line)?.[1]
    if (name === COOKIES.session && age !== undefined) livesS = Number(age)
  }
  const { accessToken, refreshToken, expiresInS } = membersOf(body)
  const refresh = typeof refreshToken === 'string' ? refreshToken : cookies[COOKIES.refresh]
  if (typeof accessToken !== 'string')
    return { cookies, ...(refresh && { refresh }), ...(livesS !== undefined && { livesS }) }
  const epoch = membersOf(payloadOf(accessToken))['epoch']
  return {
    cookies,
    bearer: accessToken,
    ...(refresh && { refresh }),
    ...(typeof expiresInS === 'number' && { livesS: expiresInS }),
    ...(typeof epoch === 'number' && { epoch }),
  }
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

/** The claims of a signed token; undefined where it is encrypted. */
function payloadOf(token: string): unknown {
  const parts = token.split('.')
  if (parts.length !== 3) return undefined
  try {
    return JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString())
  } catch {
    return undefined
  }
}
