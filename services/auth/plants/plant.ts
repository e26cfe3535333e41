import type { ModeName } from '#contract/modes.ts'
import type { PlantName } from '#contract/plants.ts'
import type { Clock } from '../clock.ts'
import type { CredentialStrategy } from '../credentials/credential-strategy.ts'
import type { StrategyParts } from '../credentials/strategies.ts'
import type { OneTimeStore } from '../one-time/one-time-store.ts'
import type { RefreshTokens } from '../refresh/refresh-tokens.ts'

/** A known bug, as a part that takes the place of the right one when a node is built. Nothing else knows of it. */
export interface Plant {
  /** Modes with another strategy than their own. */
  readonly strategies?: Partial<Record<ModeName, (parts: StrategyParts) => Promise<CredentialStrategy>>>
  readonly refreshTokens?: (mode: ModeName, parts: StrategyParts) => Promise<RefreshTokens>
  readonly oneTimeStore?: (directoryFile: string, clock: Clock) => OneTimeStore
}

const LOADERS: Readonly<Record<PlantName, () => Promise<Plant>>> = {
  'stock-rolling-save': async () => (await import('./stock-rolling-save.ts')).stockRollingSave,
  'denylist-by-token-text': async () => (await import('./denylist-by-token-text.ts')).denylistByTokenText,
  'read-then-write-refresh': async () => (await import('./read-then-write-refresh.ts')).readThenWriteRefresh,
  'read-then-delete-one-time': async () =>
    (await import('./read-then-delete-one-time.ts')).readThenDeleteOneTime,
  'logout-everywhere-by-index': async () =>
    (await import('./logout-everywhere-by-index.ts')).logoutEverywhereByIndex,
  'pushed-without-repair': async () => (await import('./pushed-without-repair.ts')).pushedWithoutRepair,
  'fail-open': async () => (await import('./fail-open.ts')).failOpen,
  'order-by-iat': async () => (await import('./order-by-iat.ts')).orderByIat,
  'count-then-insert-limit': async () => (await import('./count-then-insert-limit.ts')).countThenInsertLimit,
}

/** The bug that a node was started with; none: nothing is replaced. */
export async function loadPlant(name: PlantName | undefined): Promise<Plant> {
  return name === undefined ? {} : LOADERS[name]()
}
