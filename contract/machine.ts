/** One thing that stillin can use, and how this machine stands. */
export interface MachineFinding {
  readonly name: string
  /**
   * `ready`: there and answering. `on-demand`: not there, and fetched by itself when first needed. `missing`: not
   * there. `unusable`: there and not answering. `scarce`: there, and less of it than is good.
   */
  readonly condition: 'ready' | 'on-demand' | 'missing' | 'unusable' | 'scarce'
  /** What was found, with its version, or why it cannot be used. */
  readonly here: string
  /** What works only with it. */
  readonly neededFor: string
  /** The command that helps, or where to read how; null where nothing is to be done. */
  readonly toGet: string | null
}
