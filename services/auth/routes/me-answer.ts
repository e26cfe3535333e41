import { Type } from 'typebox'

/** Who is logged in; `baseline` answers the same shape, so that both cost the same to write. */
export const MeAnswer = Type.Object({
  id: Type.String(),
  role: Type.String(),
  loginAt: Type.String(),
  mode: Type.String(),
  node: Type.String(),
})

/** Refusals are a third of all answers in some modes: written by a compiled serialiser as well. */
export const RefusalAnswer = Type.Object({ error: Type.String(), reason: Type.String() })
