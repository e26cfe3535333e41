/** What a proxy that is not ours is told: where to listen, and the nodes it spreads requests over in turn. */
export interface ProxyPlan {
  readonly port: number
  readonly nodes: readonly { readonly id: string; readonly port: number }[]
}

/** The plan whose configurations are kept to be read in deploy/. */
export const EXAMPLE_PLAN: ProxyPlan = {
  port: 8080,
  nodes: [
    { id: 'node-1', port: 3001 },
    { id: 'node-2', port: 3002 },
    { id: 'node-3', port: 3003 },
  ],
}
