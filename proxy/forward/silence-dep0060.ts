/** http-proxy calls `util._extend`, of which Node 24 warns (DEP0060). That one warning is dropped, and no other. */
export function silenceDep0060(): void {
  const emit = process.emitWarning.bind(process) as (...args: unknown[]) => void
  process.emitWarning = ((...args: unknown[]) => {
    const [, options, code] = args
    const named = typeof options === 'object' && options !== null && 'code' in options ? options.code : code
    if (named !== 'DEP0060') emit(...args)
  }) as typeof process.emitWarning
}
