import type { RunResult } from '#contract/result.ts'

/** The question that a run of this kind was made to answer. */
export function questionOf(result: RunResult): string {
  switch (result.kind) {
    case 'bench':
      return 'What does remembering a login cost?'
    case 'chaos':
      return result.migration ? 'Who is still in after the switch?' : failureQuestion(result)
    case 'proxies':
      return 'What does the proxy in front cost?'
    case 'calibration':
      return 'What can this machine tell apart?'
    case 'size-check':
      return 'Does a lab carry what was projected for it?'
    case 'sweep':
      return 'Where does the answer turn?'
    case 'lag':
      return 'For how long is what was revoked still accepted?'
    case 'verdict':
      return 'Sessions or tokens: what does each cost, and who is still in?'
  }
}

/** A fault that is no crash is not called one. */
function failureQuestion({ failures, storms }: RunResult): string {
  if (failures.some(({ outage }) => outage)) return 'Redis is away: who is served, and who gets in?'
  if (storms) return 'Everybody logs in again: how long does it take?'
  const faults = [...new Set(failures.map(({ fault }) => fault))]
  const [fault] = faults
  if (fault === undefined) return 'Who is still in?'
  if (faults.every((one) => one.startsWith('kill-'))) return 'Who is still in after the crash?'
  if (faults.length > 1) return `Who is still in through ${faults.length} kinds of fault?`
  return `Who is still in, and what fails, through ${fault}?`
}
