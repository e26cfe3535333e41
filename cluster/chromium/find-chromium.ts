import { findProgram } from '../find-program.ts'

export const CHROMIUM_PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The system's Chromium (or Chrome); undefined: none is on `path`. */
export async function findChromium(path: string): Promise<string | undefined> {
  for (const name of CHROMIUM_PROGRAMS) {
    const file = await findProgram(name, path)
    if (file !== undefined) return file
  }
  return undefined
}
