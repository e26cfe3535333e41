/** Paths every auth node serves on its public listener, in the words of the wire contract. */
export const ROUTES = {
  baseline: '/baseline',
  login: '/login',
  refresh: '/refresh',
  me: '/me',
  data: '/me/data',
  logout: '/logout',
  logoutAll: '/logout/all',
  password: '/password',
  transfer: '/transfer',
  /** Open to forgery on purpose; there only under `STILLIN_UNPROTECTED_ROUTE=1`. */
  unprotectedTransfer: '/demo/unprotected-transfer',
  sessions: '/sessions',
  links: '/links',
  linksClaim: '/links/claim',
  /** Single sign-on where cookies carry logins: a code for another service, and what that service does with it. */
  ssoCodes: '/sso/codes',
  ssoRedeem: '/sso/redeem',
  ssoMe: '/sso/me',
  otp: '/otp',
  otpVerify: '/otp/verify',
  jwks: '/.well-known/jwks.json',
  livez: '/livez',
  readyz: '/readyz',
  metrics: '/metrics',
} as const

/** Paths of the private listeners: node admin, proxy admin and control. All of them want a bearer token. */
export const ADMIN_ROUTES = {
  usage: '/usage',
  mode: '/mode',
  sessions: '/sessions',
  clock: '/clock',
  gates: '/gates',
  burden: '/burden',
  users: '/users',
  keys: '/keys',
  cluster: '/cluster',
  nodes: '/nodes',
  pins: '/pins',
  events: '/events',
  parts: '/parts',
  links: '/links',
  shutdown: '/shutdown',
  replication: '/replication',
  peers: '/peers',
  renewal: '/renewal',
} as const
