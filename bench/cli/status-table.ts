import Table from 'cli-table3'
import picocolors from 'picocolors'
import type { ClusterState, PartCondition } from '#contract/control.ts'

/** A line about the mode and a row a part. */
export function statusTable(state: ClusterState, colour: boolean): string {
  const colours = picocolors.createColors(colour)
  const paint: Record<PartCondition, (text: string) => string> = {
    starting: colours.yellow,
    ready: colours.green,
    paused: colours.yellow,
    draining: colours.yellow,
    stopped: colours.red,
  }
  const table = new Table({
    head: ['part', 'condition', 'pid', 'address'].map(colours.bold),
    style: { head: [], border: [] },
  })
  for (const part of state.parts) {
    table.push([part.id, paint[part.condition](part.condition), part.pid ?? '–', withoutSecret(part.url)])
  }
  return `mode ${colours.bold(state.mode)}, generation ${state.generation}\n${table.toString()}`
}

function withoutSecret(address: string | undefined): string {
  const url = URL.parse(address ?? '')
  if (url === null) return '–'
  if (url.password !== '') url.password = '***'
  return url.href.replace(/\/$/, '')
}
