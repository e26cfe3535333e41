import type { FastifyError, FastifySchemaValidationError } from 'fastify'
import type { ErrorBody } from '#contract/reasons.ts'

/** Fastify's own refusals in our words, by its codes and by those of Node's parser. */
const KNOWN: Readonly<Record<string, ErrorBody>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: { error: 'bad_request', message: 'the body is not valid JSON' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { error: 'bad_request', message: 'the body is empty; it must be JSON' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    error: 'unsupported_media_type',
    message: 'bodies are application/json',
  },
  FST_ERR_CTP_BODY_TOO_LARGE: { error: 'body_too_large', message: 'the body is larger than 16 KiB' },
  FST_ERR_BAD_URL: { error: 'bad_request', message: 'the address cannot be decoded' },
  HPE_HEADER_OVERFLOW: {
    error: 'header_too_large',
    message: 'address and headers are larger than this server accepts',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    error: 'request_timeout',
    message: 'the request did not come to an end in time',
  },
}

/** The body of a 4xx: what is wrong with the request and, where a field of its body is, which. */
export function requestProblem(error: Pick<FastifyError, 'code' | 'message' | 'validation'>): ErrorBody {
  const [flaw] = error.validation ?? []
  if (flaw !== undefined) return { error: 'bad_request', ...flawOf(flaw) }
  return KNOWN[error.code] ?? { error: 'bad_request', message: error.message }
}

/** A request that is not HTTP, as it has to be written to the socket. */
export function rawProblem(code: string): string {
  const status = RAW_STATUS[code] ?? '400 Bad Request'
  const body = JSON.stringify(
    KNOWN[code] ?? ({ error: 'bad_request', message: 'the request is not valid HTTP' } satisfies ErrorBody),
  )
  return (
    `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: application/json\r\n` +
    `content-length: ${body.length}\r\n\r\n${body}`
  )
}

const RAW_STATUS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

function flawOf({ keyword, instancePath, params, message }: FastifySchemaValidationError): {
  field?: string
  message: string
} {
  const path = instancePath.split('/').slice(1)
  const inside = (name: unknown): string => [...path, String(name)].join('.')
  if (keyword === 'required') {
    const field = inside(params['missingProperty'])
    return { field, message: `${field} is missing` }
  }
  if (keyword === 'additionalProperties') {
    const field = inside(params['additionalProperty'])
    return { field, message: `${field} is no field of this request` }
  }
  const field = path.join('.')
  const must =
    keyword === 'enum'
      ? `must be one of ${(params['allowedValues'] as readonly unknown[]).join(', ')}`
      : message
  return field === '' ? { message: `the body ${must}` } : { field, message: `${field} ${must}` }
}
