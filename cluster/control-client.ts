import type { AddedNode, ClusterState } from '#contract/control.ts'
import type { ModeName } from '#contract/modes.ts'
import type { RenewalSetting } from '#contract/renewal.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import { askJson } from './ask-json.ts'

/** Control's HTTP API as the cluster's own driver uses it. Every method throws a StillinError with control's reason. */
export interface ControlClient {
  state(): Promise<ClusterState>
  /** Rejects where it was not switched, or not confirmed by everybody. */
  setMode(mode: ModeName): Promise<{ mode: ModeName; generation: number }>
  /** How logins that begin from now on are made to last, at every node, also one that starts later. */
  renewBy(setting: RenewalSetting): Promise<void>
  /** Sends a node no new users, until `endDrain`. */
  drain(nodeId: string): Promise<void>
  endDrain(nodeId: string): Promise<void>
  /** A further node; answers its id when it takes traffic. */
  addNode(): Promise<string>
  removeNode(nodeId: string): Promise<void>
  rotateKeys(revokeOld: boolean): Promise<void>
}

export function createControlClient(url: string, token: string): ControlClient {
  const ask = (method: string, path: string, body?: object): Promise<unknown> =>
    askJson('control', url, token, method, path, body)
  return {
    state: async () => (await ask('GET', ADMIN_ROUTES.cluster)) as ClusterState,
    setMode: async (mode) =>
      (await ask('PUT', ADMIN_ROUTES.mode, { mode })) as { mode: ModeName; generation: number },
    async renewBy(setting) {
      await ask('PUT', ADMIN_ROUTES.renewal, setting)
    },
    async drain(nodeId) {
      await ask('POST', `${ADMIN_ROUTES.parts}/${nodeId}/drain`)
    },
    async endDrain(nodeId) {
      await ask('POST', `${ADMIN_ROUTES.parts}/${nodeId}/resume`)
    },
    addNode: async () => ((await ask('POST', ADMIN_ROUTES.nodes)) as AddedNode).id,
    async removeNode(nodeId) {
      await ask('DELETE', `${ADMIN_ROUTES.nodes}/${nodeId}`)
    },
    async rotateKeys(revokeOld) {
      await ask('POST', `${ADMIN_ROUTES.keys}/rotate`, { revokeOld })
    },
  }
}
