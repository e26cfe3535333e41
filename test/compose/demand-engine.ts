import { docker } from '#cluster/compose/docker.ts'

/** Says in one line what is missing, before anything is built. */
export default async function demandEngine(): Promise<void> {
  try {
    await docker('info', '--format', '{{.ServerVersion}}')
  } catch (error) {
    throw new Error(
      `npm run test:compose wants a Docker engine: ${error instanceof Error ? error.message : error}`,
    )
  }
}
