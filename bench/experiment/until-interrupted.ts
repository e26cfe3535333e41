/**
 * Runs a step whose results so far are worth keeping when Ctrl-C comes: the interruption ends the step quietly,
 * everything else that goes wrong is thrown.
 */
export async function untilInterrupted(signal: AbortSignal, step: () => Promise<void>): Promise<void> {
  try {
    await step()
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
