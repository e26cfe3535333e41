import type { ModeName } from './modes.ts'
import type { Renewal } from './renewal.ts'

/** One thing a client did, and what came back. */
export interface LifeStep {
  /** What begins with this step, in words. */
  chapter?: string
  /** What was asked, e.g. `POST /login`. */
  request: string
  /** Who answered: a node's id, `proxy`, or empty where no answer came. */
  node: string
  /** 0: no answer. */
  status: number
  /** The answer in a few words. */
  answer: string
}

/** The whole life of one login in one mode. */
export interface Life {
  mode: ModeName
  summary: string
  /** How the login was made to last. */
  renewal: Renewal
  steps: readonly LifeStep[]
}
