import { join } from 'node:path'
import { EXIT, StillinError } from '#contract/errors.ts'
import { findProgram } from '../find-program.ts'
import { fetchDebian } from '../redis/fetch-debian.ts'
import type { Missing } from '../redis/redis-server.ts'
import { librariesOf } from '../redis/unpacked.ts'
import type { KnownServer } from './known-server.ts'
import { launchStore } from './launch-store.ts'
import type { StoreFinder, StoreOrigin, StoreServer } from './store-server.ts'

/** The ways to a server, in the order in which they are tried: a named one, an installed one, one fetched earlier, the distribution's package. */
export function findersOf(known: KnownServer): readonly StoreFinder[] {
  return [byUrl(known), installed(known), fetchedEarlier(known), inDebian(known)]
}

/** What answers otherwise, or not at all, is an error and never a reason to take another one. */
function byUrl({ name, title, shape, example, probe }: KnownServer): StoreFinder {
  return async ({ url }) => {
    if (url === undefined) return { missing: 'STILLIN_STORE_URL is not set' }
    if (!shape.test(url) || !URL.canParse(url))
      throw new StillinError(`STILLIN_STORE_URL: for store ${name} expected an address like ${example}`, {
        exitCode: EXIT.usage,
      })
    const shown = withoutPassword(url)
    const probed = await probe(url)
    if ('problem' in probed)
      throw new StillinError(
        `STILLIN_STORE_URL: what answers at ${shown} is not a usable ${title} (${probed.problem})`,
        {
          exitCode: EXIT.usage,
          hint: `Correct it, or leave it and --store-url out, and stillin finds a ${title} of its own.`,
        },
      )
    return {
      store: { name, url },
      version: probed.version,
      origin: 'STILLIN_STORE_URL',
      description: `${title} ${probed.version} at ${shown} (STILLIN_STORE_URL)`,
      [Symbol.asyncDispose]: async () => {},
    }
  }
}

function installed(known: KnownServer): StoreFinder {
  return async ({ path, signal }) => {
    const file = await findProgram(known.program, [path, ...(await known.folders('/'))].join(':'))
    if (file === undefined) return { missing: `no ${known.program} is installed` }
    return launchStore(known, { origin: 'path', file, environment: {} }, signal)
  }
}

function fetchedEarlier(known: KnownServer): StoreFinder {
  return async ({ cacheFolder, signal }) => {
    const found = await launchUnpacked(known, rootOf(known, cacheFolder), 'cache', signal)
    return found ?? { missing: 'none was fetched earlier' }
  }
}

function inDebian(known: KnownServer): StoreFinder {
  return async ({ path, cacheFolder, signal, note }) => {
    const [aptGet, dpkg] = [await findProgram('apt-get', path), await findProgram('dpkg', path)]
    if (aptGet === undefined || dpkg === undefined)
      return { missing: 'no Debian package to fetch (no apt-get and dpkg)' }
    const root = rootOf(known, cacheFolder)
    note(`fetching ${known.title} from the distribution, once (some MB, into .cache)`)
    try {
      await fetchDebian(known.package, { aptGet, dpkg }, cacheFolder, root, signal)
    } catch (error) {
      signal?.throwIfAborted()
      const why = error instanceof Error ? error.message : String(error)
      return { missing: `the Debian package could not be fetched (${why})` }
    }
    const found = await launchUnpacked(known, root, 'debian', signal)
    return found ?? { missing: `the Debian package holds no ${known.program}` }
  }
}

async function launchUnpacked(
  known: KnownServer,
  root: string,
  origin: StoreOrigin,
  signal: AbortSignal | undefined,
): Promise<StoreServer | Missing | undefined> {
  const file = await findProgram(known.program, (await known.folders(root)).join(':'))
  if (file === undefined) return undefined
  return launchStore(known, { origin, file, environment: await librariesOf(root) }, signal)
}

function rootOf(known: KnownServer, cacheFolder: string): string {
  return join(cacheFolder, known.package.folder, 'root')
}

function withoutPassword(text: string): string {
  const url = new URL(text)
  if (url.password !== '') url.password = '***'
  return url.href
}
