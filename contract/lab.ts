/** The lab's own profile: people who do not exist, with a password everybody may know. Never used outside the lab. */
export const LAB = {
  password: 'correct-horse-battery-staple',
  users: 1000,
  nodes: 3,
  /** Where `stillin up` listens unless told otherwise. */
  proxyPort: 8080,
  /** Open loop rate of a failure run, requests a second. */
  failureRate: 300,
  /** Lifetime of the credentials whose logout is timed in a failure run, so that expiry can be seen. */
  probeAccessS: 5,
  connections: 32,
  /** Of a credential, in every mode, s. */
  lifetimeS: 300,
} as const

/** `user-1` … `user-N`. */
export function labUserId(index: number): string {
  return `user-${index + 1}`
}

/** `count` user ids, the first with this index. */
export function labUserIds(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => labUserId(from + index))
}
