/**
 * The address that connection `index` is sent from, so that throttling by client address does not meet all of the
 * load as one client: distinct addresses 127.0.1.1 … 127.0.250.250 where the target is on IPv4 loopback and the
 * system routes all of 127.0.0.0/8 (Linux; macOS has 127.0.0.1 alone); undefined elsewhere.
 */
export function loopbackAddress(
  index: number,
  targetHostname: string,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  if (platform !== 'linux' || !/^127\./.test(targetHostname)) return undefined
  const place = index % (250 * 250)
  return `127.0.${1 + Math.floor(place / 250)}.${1 + (place % 250)}`
}
