/** Settings of a node over this Redis that waits for it on a busy machine: for tests of what is answered, not of when. */
export function patientRedis(url: string): { STILLIN_REDIS_URL: string; STILLIN_REDIS_TIMEOUT_MS: string } {
  return { STILLIN_REDIS_URL: url, STILLIN_REDIS_TIMEOUT_MS: '5000' }
}
