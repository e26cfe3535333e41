import { randomBytes } from 'node:crypto'
import { link, mkdir, readdir, readFile, rename, rm, stat, unlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Records, Seen } from './records.ts'
import { StoreFull } from './records.ts'

const FIRST = 1
/** So many states stay behind the present one, for readers whose listing named them, and for the proof in `replace`. */
const KEPT_BEHIND = 8
/** A reader that was overtaken looks again; so often at most. */
const LOOKS_MAX = 20
const FULL = ['ENOSPC', 'EDQUOT']
const DRAFTS = 'drafts'

/**
 * Records in files, for the nodes of one host. A record is a folder with a file for each of its states, `1`, `2`, …; the
 * highest is the present one. A state is written apart and linked into its place, which the system does for one writer
 * alone. What was answered is there when a process is killed; nothing is flushed to disk for it.
 */
export class FileRecords implements Records {
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  /** Makes the folder where there is none. */
  static async open(folder: string): Promise<FileRecords> {
    await mkdir(join(folder, DRAFTS), { recursive: true, mode: 0o700 })
    return new FileRecords(folder)
  }

  async read(name: string): Promise<Seen | undefined> {
    const place = this.#place(name)
    for (let look = 0; look < LOOKS_MAX; look += 1) {
      const version = (await numbers(place))?.at(-1)
      if (version === undefined) return undefined
      const text = await ifThere(readFile(join(place, String(version)), 'utf8'))
      if (text !== undefined) return { text, version }
    }
    throw new Error(`record ${name} was replaced faster than it could be read`)
  }

  async swap(name: string, seen: Seen | undefined, text: string, liveUntilMs: number) {
    const place = this.#place(name)
    try {
      return seen === undefined
        ? await this.#begin(place, text, liveUntilMs)
        : await this.#replace(place, (seen.version as number) + 1, text, liveUntilMs)
    } catch (error) {
      throw FULL.includes(codeOf(error)) ? new StoreFull('the disk is full', { cause: error }) : error
    }
  }

  async countLive(kind: string, nowMs: number): Promise<number> {
    const parent = join(this.#folder, kind)
    let count = 0
    for (const entry of (await ifThere(readdir(parent))) ?? []) {
      const version = (await numbers(join(parent, entry)))?.at(-1)
      const state = await ifThere(stat(join(parent, entry, String(version))))
      if (state !== undefined && state.mtimeMs > nowMs) count += 1
    }
    return count
  }

  async ping(): Promise<void> {
    await stat(this.#folder)
  }

  async close(): Promise<void> {}

  /** A folder cannot take the place of one that is not empty: the first is the only one. */
  async #begin(place: string, text: string, liveUntilMs: number): Promise<'swapped' | 'moved'> {
    const draft = this.#draft()
    try {
      await mkdir(draft, { mode: 0o700 })
      await writeState(join(draft, String(FIRST)), text, liveUntilMs)
      await mkdir(join(place, '..'), { recursive: true, mode: 0o700 })
      await rename(draft, place)
      return 'swapped'
    } catch (error) {
      await rm(draft, { recursive: true, force: true })
      if (['ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) return 'moved'
      throw error
    }
  }

  async #replace(
    place: string,
    version: number,
    text: string,
    liveUntilMs: number,
  ): Promise<'swapped' | 'moved'> {
    const draft = this.#draft()
    const target = join(place, String(version))
    try {
      await writeState(draft, text, liveUntilMs)
      await link(draft, target)
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return 'moved'
      throw error
    } finally {
      await rm(draft, { force: true })
    }
    // The number is taken twice only if its state was cleared away, and states are cleared in their order: while the one
    // that was seen is there, this one never was.
    const states = await numbers(place)
    if (!states?.includes(version - 1)) throw new Error('overtaken so often that nobody can tell whose it is')
    for (const old of states)
      if (old <= version - KEPT_BEHIND) await ifThere(unlink(join(place, String(old))))
    return 'swapped'
  }

  #draft(): string {
    return join(this.#folder, DRAFTS, randomBytes(12).toString('hex'))
  }

  /** In hexadecimal: some file systems take `Anna` and `anna` for one name. */
  #place(name: string): string {
    const [kind = '', id = ''] = name.split('.')
    return join(this.#folder, kind, Buffer.from(id).toString('hex') || 'all')
  }
}

/** The numbers of a record's states, ascending: the last is the present one. undefined: there is no such record. */
async function numbers(place: string): Promise<number[] | undefined> {
  return (await ifThere(readdir(place)))?.map(Number).sort((a, b) => a - b)
}

async function writeState(file: string, text: string, liveUntilMs: number): Promise<void> {
  await writeFile(file, text, { mode: 0o600 })
  await utimes(file, liveUntilMs / 1000, liveUntilMs / 1000)
}

async function ifThere<T>(question: Promise<T>): Promise<T | undefined> {
  try {
    return await question
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
