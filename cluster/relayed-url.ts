/** The same address through a relay that listens on this host. */
export function relayedUrl(url: string, port: number): string {
  const through = new URL(url)
  through.host = `127.0.0.1:${port}`
  return through.href.replace(/\/$/, '')
}
