import { readFileSync } from 'node:fs'
import type { TSchema } from 'typebox'
import { Errors } from 'typebox/schema'
import { EXIT, StillinError } from '#contract/errors.ts'
import { fileProblem } from '#contract/file-problem.ts'

/** What is wrong with the file of `--cluster attach:FILE`. */
export function attachProblem(path: string, problem: string): StillinError {
  return new StillinError(`--cluster attach:${path}: ${problem}`, {
    exitCode: EXIT.usage,
    hint: 'docs/beyond-one-machine.md has an example of each kind.',
  })
}

/**
 * Its content, and which kind it is by its fields: a cluster of ours has `control`, anything else an `entrance`.
 * @throws StillinError where it cannot be read, or is neither.
 */
export function readAttachJson(path: string): { kind: 'own' | 'foreign'; content: object } {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw attachProblem(path, fileProblem(error))
  }
  if (typeof content !== 'object' || content === null)
    throw attachProblem(path, 'the file must be a JSON object')
  const isOwn = 'control' in content
  if (isOwn && 'entrance' in content)
    throw attachProblem(
      path,
      'control (a cluster of stillin) and entrance (any other service) rule each other out',
    )
  if (!isOwn && !('entrance' in content))
    throw attachProblem(path, 'it needs control (a cluster of stillin) or entrance (any other service)')
  return { kind: isOwn ? 'own' : 'foreign', content }
}

/** @throws StillinError naming the first field that does not fit, and what it must be. */
export function demandShape(
  path: string,
  schema: TSchema,
  content: object,
  choices: Readonly<Record<string, string>> = {},
): void {
  const problems = Errors(schema, content)[1]
  // Where there are alternatives, each one's own complaint comes before the one that says so.
  const found = problems.find(({ message }) => message.includes('anyOf')) ?? problems[0]
  if (found === undefined) return
  const { instancePath, message } = found
  const must = message === 'schema is false' ? 'is no field of this file' : (choices[instancePath] ?? message)
  throw attachProblem(path, `${instancePath || 'the file'} ${must}`)
}
