import type { PeersRequest } from '#contract/node-admin.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import { localUrl, planNode } from './address-plan.ts'
import { askJson } from './ask-json.ts'
import { type ClusterParts, createNode, type PartsOptions } from './create-parts.ts'
import type { ActRefusal } from './managed-part.ts'
import { whenProxySees } from './when-seen.ts'

/** How nodes come and go while a cluster runs. One change at a time. */
export interface NodeChanges {
  /**
   * Starts a further node. Before it is ready it has joined the others (mode replicated); then the proxy is told.
   * Answers its id when the proxy takes it for healthy, or why there is none. Rejects where it does not start, and
   * everybody has forgotten it then.
   */
  add(): Promise<string | ActRefusal>
  /** Takes a node out for good, from whatever condition but paused. */
  remove(nodeId: string): Promise<ActRefusal | undefined>
}

/** Each node has a relay to each other one where there are relays at all. */
const MOST_NODES = 32

/**
 *     add     plan ─► relays ─► tell the peers ─► start, join ─► tell the proxy ─► wait until it is up
 *     remove  tell the proxy ─► stop (requests under way end) ─► tell the peers ─► relays
 */
export function createNodeChanges(wanted: PartsOptions, parts: ClusterParts): NodeChanges {
  const { plan, shared, onChange } = wanted
  /** No id is given twice: a pin of a node that is gone leads nobody to another. */
  let lastNumber = plan.nodes.length

  /** Nodes that are stopped are told when they start. */
  async function tellPeers(): Promise<void> {
    const tell = (nodeId: string, adminUrl: string): Promise<unknown> => {
      const peers = plan.nodes.map(({ id, adminPort }) => {
        const url = localUrl(adminPort)
        return { id, adminUrl: id === nodeId ? url : (shared.links?.reach(nodeId, id, url) ?? url) }
      })
      const request: PeersRequest = { peers }
      return askJson(nodeId, adminUrl, shared.adminToken, 'PUT', ADMIN_ROUTES.peers, request)
    }
    const running = parts.nodes.map((node) => node.state()).filter(({ condition }) => condition === 'ready')
    await Promise.all(running.map(({ id, adminUrl = '' }) => tell(id, adminUrl)))
  }

  /** A proxy that is stopped is told when it starts. */
  async function tellProxy(): Promise<boolean> {
    const { condition, adminUrl = '' } = parts.proxy.state()
    if (condition !== 'ready') return false
    const list = plan.nodes.map(({ id, port }) => ({ id, url: localUrl(port) }))
    await askJson('proxy', adminUrl, shared.adminToken, 'PUT', ADMIN_ROUTES.nodes, list)
    return true
  }

  async function remove(nodeId: string): Promise<void> {
    const node = parts.nodes.find(({ id }) => id === nodeId)
    drop(plan.nodes, nodeId)
    await tellProxy()
    await node?.stop()
    drop(parts.nodes, nodeId)
    await tellPeers()
    await shared.links?.close(nodeId)
    onChange()
  }

  return {
    async add() {
      const unfit = whyUnfit(parts)
      if (unfit !== undefined) return unfit
      if (plan.nodes.length >= MOST_NODES) return refuse(`there are ${MOST_NODES} nodes already`)
      lastNumber += 1
      const address = await planNode(lastNumber)
      plan.nodes.push(address)
      try {
        const refusal = await shared.links?.open(address.id)
        if (refusal !== undefined) throw new Error(refusal.message)
        const node = createNode(wanted, address)
        parts.nodes.push(node)
        await tellPeers()
        await node.act('start')
        if (await tellProxy()) await whenProxySees(plan, shared.adminToken, address.id)
      } catch (error) {
        await remove(address.id)
        throw error
      }
      return address.id
    },
    async remove(nodeId) {
      if (!parts.nodes.some(({ id }) => id === nodeId)) {
        const known = parts.nodes.map(({ id }) => id).join(', ')
        return { status: 404, message: `there is no node ${JSON.stringify(nodeId)}; there are ${known}` }
      }
      if (parts.nodes.length === 1) return refuse(`${nodeId} is the only node`)
      const unfit = whyUnfit(parts)
      if (unfit !== undefined) return unfit
      await remove(nodeId)
      return undefined
    },
  }
}

function drop(list: { id: string }[], nodeId: string): void {
  const at = list.findIndex(({ id }) => id === nodeId)
  if (at >= 0) list.splice(at, 1)
}

/** Whoever is paused would hear of it too late. */
function whyUnfit({ nodes, proxy }: ClusterParts): ActRefusal | undefined {
  const deaf = [...nodes, proxy]
    .map((part) => part.state())
    .find(({ condition }) => condition === 'paused' || condition === 'starting')
  return deaf && refuse(`${deaf.id} is ${deaf.condition} and cannot be told who the nodes are`)
}

function refuse(message: string): ActRefusal {
  return { status: 409, message }
}
