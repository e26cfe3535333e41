import { MODES } from '#contract/modes.ts'
import { KEYS_COOLDOWN_MS } from '#contract/shop.ts'
import type { SsoDemo, SsoStep } from '#contract/sso.ts'

/** What was seen at both services, and no more than that. */
export function ssoSentence(demo: Omit<SsoDemo, 'sentence'>): string {
  const of = (name: SsoStep['name']) => demo.steps.find((step) => step.name === name)
  const dead = of('auth-dead')
  const logout = of('logout')
  const parts = [
    aboutCheck(demo),
    dead && `with every auth node dead it ${DEAD[dead.shop]}`,
    logout && aboutLogout(logout, demo),
  ]
  return `${parts.filter((part) => part !== undefined).join('; ')}.${aboutRotation(demo)}`
}

const DEAD: Readonly<Record<SsoStep['shop'], string>> = {
  in: 'goes on letting the user in',
  out: 'refuses the user',
  'cannot-tell': 'lets nobody in and says that it cannot tell (503)',
}

function aboutCheck({ check, code, algorithm }: Omit<SsoDemo, 'sentence'>): string {
  if (check === 'offline') return 'The shop checks the token by the published keys and asks nobody'
  if (code === undefined)
    return `Tokens of ${algorithm} are checked with a secret that the shop does not get, so it asks auth on every request`
  const again = code.again === 403 ? 'a code that is good once' : 'a code'
  return `${code.first === 204 ? `The login comes over by ${again}` : 'The code was refused'}, and the shop asks auth on every request`
}

function aboutLogout({ auth, shop }: SsoStep, { mode }: Omit<SsoDemo, 'sentence'>): string {
  const { accessS } = MODES[mode]
  if (auth === 'out' && shop === 'out') return 'after the logout both refuse'
  if (auth === 'in' && shop === 'in')
    return `after the logout both still let the user in, until the login expires (${accessS} s)`
  if (auth === 'out' && shop === 'in')
    return `after the logout auth refuses and the shop still lets the user in, until the token expires (${accessS} s): nobody tells it what was revoked`
  return `after the logout auth says ${auth} and the shop ${shop}`
}

function aboutRotation({ rotation, steps }: Omit<SsoDemo, 'sentence'>): string {
  if (rotation === undefined) return ''
  const { pickedUpMs, fetches, forged } = rotation
  const isIn = steps.some(({ name, shop }) => name === 'new-key' && shop === 'in')
  const found = isIn
    ? ` A login under a new key was accepted after ${Math.round(pickedUpMs)} ms and ${count(fetches)}`
    : ' A login under a new key was not accepted'
  const invented = `${forged.accepted === 0 ? 'none' : forged.accepted} of ${forged.sent} tokens under invented keys was accepted`
  return `${found}; ${invented}, and they cost ${count(forged.fetches)} (at most one in ${KEYS_COOLDOWN_MS / 1000} s).`
}

function count(fetches: number): string {
  return `${fetches === 0 ? 'no' : fetches} ${fetches === 1 ? 'fetch' : 'fetches'} of keys`
}
