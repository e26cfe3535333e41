/**
 * What a mode does of its own accord so that it can vouch for what it knows: heartbeats, waiting for news. It stops
 * while another mode answers, so that in a comparison nobody pays for the modes that are not asked.
 */
export interface Upkeep {
  /** Requests that are still under way are answered while what is known is fresh. */
  rest(): void
  /** Resolves when what is known is fresh again, or when it is clear that it cannot be for now. */
  wake(): Promise<void>
}
