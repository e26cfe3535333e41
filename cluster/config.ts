/** Variables that a child inherits; everything else it is told by name, so that no stray setting reaches a measurement. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'NODE_ENV'] as const

/** The part of this process's environment that children get. The only place in this room that reads it. */
export function inheritedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    INHERITED.flatMap((name) => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** Directories in which programs are looked up. */
export function searchPath(): string {
  return process.env['PATH'] ?? ''
}

/** What the docker command wants to know beside: which engine, and how to reach it. */
export function dockerEnvironment(): Record<string, string> {
  const wanted = Object.entries(process.env).filter(([name]) => name.startsWith('DOCKER_'))
  return { ...inheritedEnvironment(), ...(Object.fromEntries(wanted) as Record<string, string>), LC_ALL: 'C' }
}
