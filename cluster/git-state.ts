import { runProgram } from './redis/run-program.ts'

const TIMEOUT_MS = 3_000

/** Does the working tree differ from its commit? null where git cannot say. */
export async function isWorkTreeDirty(folder: string): Promise<boolean | null> {
  try {
    const { stdout } = await runProgram('git', ['status', '--porcelain'], {
      timeoutMs: TIMEOUT_MS,
      cwd: folder,
    })
    return stdout.trim() !== ''
  } catch {
    return null
  }
}
