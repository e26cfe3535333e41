import type { FastifyInstance } from 'fastify'
import type { TSchema } from 'typebox'
import { Check, Errors } from 'typebox/schema'
import { AnswerError } from './errors.ts'

type ValidationError = ReturnType<typeof Errors>[1][number]

/**
 * Checks requests with TypeBox, which reads the configuration too. Nothing is coerced, completed or dropped: what
 * the schema does not name is refused, by name. (Fastify's default, ajv, does all three, and its start is a third
 * of a node's.)
 */
export function validateRequests(app: FastifyInstance): void {
  app.setValidatorCompiler<TSchema>(({ schema }) => (value: unknown) => {
    if (Check(schema, value)) return { value }
    const [first] = Errors(schema, value)[1].filter((error) => error.keyword !== 'boolean')
    return { error: first === undefined ? new AnswerError('invalidRequest') : describe(first) }
  })
}

function describe(error: ValidationError): AnswerError {
  const path = error.instancePath.split('/').slice(1)
  switch (error.keyword) {
    case 'additionalProperties': {
      const field = [...path, error.params.additionalProperties[0]].join('.')
      return new AnswerError('invalidRequest', { field, message: `Unknown field "${field}".` })
    }
    case 'required': {
      const field = [...path, error.params.requiredProperties[0]].join('.')
      return new AnswerError('invalidRequest', { field, message: `The field "${field}" is missing.` })
    }
    case 'enum': {
      const allowed = error.params.allowedValues.join(', ')
      const field = path.join('.')
      return new AnswerError('invalidRequest', { field, message: `"${field}" is one of ${allowed}.` })
    }
    default: {
      const field = path.join('.')
      const subject = field === '' ? 'The body' : `"${field}"`
      return new AnswerError('invalidRequest', {
        ...(field === '' ? {} : { field }),
        message: `${subject} ${error.message}.`,
      })
    }
  }
}
