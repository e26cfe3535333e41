/** What one user wrote, each time a higher number, and what can be read when all is whole again. */
export interface Written {
  /** The highest number whose write was acknowledged; 0: none was. */
  acknowledged: number
  /** Read at each node that accepts the login; undefined: the data holds no number. Empty: no node accepts it. */
  read: readonly (number | undefined)[]
}

/**
 * Acknowledged writes that are gone, with the login or without it. A write whose answer was not seen may have taken
 * effect, so a higher number than the acknowledged one is no loss.
 */
export function judgeWrites(writers: readonly Written[]): { lost: number; lostWithLogin: number } {
  const wrote = writers.filter(({ acknowledged }) => acknowledged > 0)
  return {
    lost: wrote.filter(({ read, acknowledged }) => read.length > 0 && newest(read) < acknowledged).length,
    lostWithLogin: wrote.filter(({ read }) => read.length === 0).length,
  }
}

function newest(read: Written['read']): number {
  return Math.max(...read.map((value) => value ?? 0))
}
