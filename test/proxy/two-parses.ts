/** A request as one reader sees it in the bytes that went upstream. */
export interface ReadRequest {
  line: string
  headers: ReadonlyMap<string, readonly string[]>
  body: string
}

/**
 * Reads recorded bytes twice: by a reader that believes Content-Length and ignores Transfer-Encoding, and by one that
 * does the opposite where it can. Smuggling is when the two see different requests.
 */
export function readTwice(bytes: Buffer): { byLength: ReadRequest[]; byCoding: ReadRequest[] } {
  const text = bytes.toString('latin1')
  return { byLength: read(text, 'length'), byCoding: read(text, 'coding') }
}

function read(text: string, believe: 'length' | 'coding'): ReadRequest[] {
  const requests: ReadRequest[] = []
  let rest = text
  while (rest !== '') {
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) throw new Error(`no end of a head in ${JSON.stringify(rest.slice(0, 500))}`)
    const [line = '', ...fields] = rest.slice(0, end).split('\r\n')
    if (!/^[A-Z-]+ \S+ HTTP\/1\.1$/.test(line)) throw new Error(`not a request line: ${JSON.stringify(line)}`)
    const headers = new Map<string, string[]>()
    for (const field of fields) {
      const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(field)
      if (!match?.[1]) throw new Error(`not a header field: ${JSON.stringify(field)}`)
      const name = match[1].toLowerCase()
      headers.set(name, [...(headers.get(name) ?? []), match[2] ?? ''])
    }
    rest = rest.slice(end + 4)
    const coding = headers.get('transfer-encoding')
    const lengths = headers.get('content-length') ?? []
    let body = ''
    if (coding && believe === 'coding') {
      const match = /^0\r\n\r\n/.exec(rest)
      if (!match) throw new Error('a chunked body went upstream')
      rest = rest.slice(match[0].length)
    } else {
      if (lengths.length > 1) throw new Error('two Content-Length fields went upstream')
      const length = Number(lengths[0] ?? 0)
      body = rest.slice(0, length)
      if (body.length !== length)
        throw new Error(`a body of ${body.length} bytes where ${length} were announced`)
      rest = rest.slice(length)
    }
    requests.push({ line, headers, body })
  }
  return requests
}
