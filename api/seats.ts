/** How much long-lasting work may go on at a time. */
export interface SeatLimits {
  /** Of one user. */
  readonly each: number
  /** Of all users in this process. */
  readonly all: number
}

/** Counts what goes on for long, by user. */
export interface Seats {
  /** Takes a seat; `each` or `all` says which of them are taken. The seat is given back once, by the function that comes back. */
  take (user: string): (() => void) | 'each' | 'all'
}

export function createSeats ({ each, all }: SeatLimits): Seats {
  const taken = new Map<string, number>()
  let sum = 0
  return {
    take: user => {
      const own = taken.get(user) ?? 0
      if (own >= each) return 'each'
      if (sum >= all) return 'all'
      taken.set(user, own + 1)
      sum++
      let isTaken = true
      return () => {
        if (!isTaken) return
        isTaken = false
        sum--
        const left = (taken.get(user) ?? 1) - 1
        if (left === 0) taken.delete(user)
        else taken.set(user, left)
      }
    }
  }
}
