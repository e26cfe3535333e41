const HOST = /^(?:\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252}))(?::[0-9]{1,5})?$/
/** Origin form: printable ASCII without a fragment. */
const PATH = /^\/[\x21\x22\x24-\x7e]*$/
const ABSOLUTE = /^http:\/\/([^/?#]+)(.*)$/i

/** Is this one host, with or without a port? Stricter than RFC 9110: no user, no list, no escapes. */
export function isHost(value: string): boolean {
  return HOST.test(value)
}

/**
 * The target in origin form; undefined when it is not acceptable.
 * An absolute target must name the host that the Host header names: two readers must not disagree.
 */
export function originForm(target: string, host: string | undefined): string | undefined {
  if (target.charCodeAt(0) === 47) return PATH.test(target) ? target : undefined
  const absolute = ABSOLUTE.exec(target)
  if (!absolute) return undefined
  const [, authority = '', rest = ''] = absolute
  if (host === undefined || authority.toLowerCase() !== host.toLowerCase()) return undefined
  const path = rest.startsWith('/') ? rest : `/${rest}`
  return PATH.test(path) ? path : undefined
}
