/** Which users of an open loop have something under way: one who replaces their credential does nothing else meanwhile. */
export interface WaitingRoom {
  /**
   * The first user from this one on who is free to begin, and counts as busy from then on.
   * @param isAlone they must have nothing under way, and nothing else of theirs begins until it has ended.
   * @returns undefined where nobody is free.
   */
  begin(user: number, isAlone: boolean): number | undefined
  end(user: number, isAlone: boolean): void
}

export function createWaitingRoom(users: number): WaitingRoom {
  const underWay = new Uint32Array(users)
  const alone = new Uint8Array(users)
  return {
    begin(user, isAlone) {
      for (let step = 0; step < users; step++) {
        const chosen = (user + step) % users
        if (alone[chosen] === 1 || (isAlone && (underWay[chosen] ?? 0) > 0)) continue
        underWay[chosen] = (underWay[chosen] ?? 0) + 1
        if (isAlone) alone[chosen] = 1
        return chosen
      }
      return undefined
    },
    end(user, isAlone) {
      underWay[user] = (underWay[user] ?? 1) - 1
      if (isAlone) alone[user] = 0
    },
  }
}
