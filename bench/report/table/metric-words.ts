import type { MetricName } from '#contract/result.ts'

/** A metric's name for people, without its unit. */
export const METRIC_WORDS: Readonly<Record<MetricName, string>> = {
  throughputPerS: 'throughput',
  goodputPerS: 'accepted',
  nodeCpuUs: 'node CPU',
  nodeLoopCpuUs: 'node CPU, event loop alone',
  proxyCpuUs: 'proxy CPU',
  storeCpuUs: 'store CPU',
  serverCpuUs: 'node and store CPU',
  generatorCpuUs: 'load generator CPU',
  responseP50Ms: 'response p50',
  responseP99Ms: 'response p99',
  serviceP50Ms: 'service p50',
  serviceP99Ms: 'service p99',
  bytesUp: 'bytes up',
  bytesDown: 'bytes down',
  storeCommands: 'store commands',
  setCookies: 'set-cookie lines',
  refusedShare: 'refused',
  availability: 'availability',
  lostRequestSeconds: 'lost request-seconds',
  detectMs: 'time to detect',
  recoverMs: 'time to recover',
  loginsLostShare: 'logins lost',
  failedRequests: 'failed requests',
  revocationLagMs: 'logout to last accept',
}
