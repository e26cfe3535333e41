/** How much a matrix will take, before it begins. */
export function announceMatrix(
  cells: number,
  takenUp: number,
  plannedS: number,
  withinMs: number | undefined,
): string {
  const before = takenUp === 0 ? '' : `, ${takenUp} of them taken up`
  const long = plannedS < 90 ? `${Math.ceil(plannedS)} s` : `${Math.ceil(plannedS / 60)} min`
  const isCut = withinMs !== undefined && withinMs < plannedS * 1000
  const cut = isCut ? `; what does not fit into ${withinMs / 1000} s is left out, and --resume goes on` : ''
  return `matrix: ${cells} cells${before}: about ${long}${cut}`
}
