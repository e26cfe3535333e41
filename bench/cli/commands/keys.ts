import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { createKeyRing, createToken, writeKeyRing, writePrivateFile } from '#cluster/keys.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { TOKEN_ALGORITHMS, type TokenAlgorithm } from '#contract/keys.ts'
import type { CommandContext } from '../command-context.ts'
import { resolveSettings } from '../config.ts'
import { connectControl } from '../control-connection.ts'
import { oneOf, repeated } from '../parse-options.ts'
import { controlCommand, controlFlags } from './control-command.ts'

interface KeysFlags {
  jwtAlgorithm?: TokenAlgorithm
  token?: string[]
  keep?: boolean
}

const EXAMPLES = `
Examples:
  stillin keys create keys.json
  stillin keys create /run/keys/ring.json --jwt-algorithm ES256 --token /run/keys/admin-token --keep`

/** `stillin keys create FILE`: the secrets that the nodes of a cluster share. */
export function keysCommand(context: CommandContext): Command {
  const create = new Command('create')
    .description('write a new key ring, readable by this user only')
    .argument('<file>', 'where to')
    .option('--jwt-algorithm <name>', `${TOKEN_ALGORITHMS.join(', ')} (HS256)`, oneOf(TOKEN_ALGORITHMS))
    .option('--token <file>', 'also write a random token to this file; may be repeated', repeated(String))
    .option('--keep', 'leave files that exist as they are, instead of replacing them')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, { token: tokens = [], keep = false, ...flags }: KeysFlags) => {
      const { jwtAlgorithm = 'HS256' } = resolveSettings(flags, context)
      const wanted = (path: string): boolean => !keep || !existsSync(path)
      if (wanted(file)) {
        await writing(file, writeKeyRing(file, createKeyRing(jwtAlgorithm)))
        context.print(`${file}: a new key ring, ${jwtAlgorithm}`)
      }
      for (const path of tokens.filter(wanted)) {
        await writing(path, writePrivateFile(path, `${createToken()}\n`))
        context.print(`${path}: a new token`)
      }
    })
  return new Command('keys')
    .description('create the keys that the nodes of a cluster share, or exchange them while it runs')
    .addCommand(create)
    .addCommand(rotateCommand(context))
    .addHelpText('after', '\nExamples:\n  stillin keys create keys.json\n  stillin keys rotate --revoke-old')
}

/** `stillin keys rotate`: a new signing key at every node; no request is lost on the way. */
function rotateCommand(context: CommandContext): Command {
  const command = controlCommand('rotate')
    .description('give the running cluster a new signing key; old tokens stay good until they expire')
    .option('--revoke-old', 'refuse every token that was made with an earlier key, at once')
    .addHelpText('after', '\nExamples:\n  stillin keys rotate\n  stillin keys rotate --revoke-old')
  return command.action(async ({ revokeOld = false }: { revokeOld?: boolean }) => {
    const control = await connectControl(controlFlags(command), context)
    const { algorithm, currentKid, kids } = await control.rotateKeys(revokeOld)
    const others = kids.length - 1
    const accepted = others === 0 ? 'no other is accepted' : `${others} earlier accepted until tokens expire`
    context.print(`signing with ${currentKid} (${algorithm}); ${accepted}`)
  })
}

async function writing(file: string, work: Promise<void>): Promise<void> {
  await work.catch((cause: NodeJS.ErrnoException) => {
    throw new StillinError(`${file} cannot be written (${cause.code})`, { exitCode: EXIT.usage, cause })
  })
}
