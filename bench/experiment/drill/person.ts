import type { Random } from '#bench/workload/random.ts'
import type { HistoryLine } from '#contract/history.ts'
import { LAB } from '#contract/lab.ts'
import type { DrillClient, Told, Where } from './drill-client.ts'
import type { Held } from './held.ts'

/** A secret text and the name that a history knows it by. */
export interface NamedSecret {
  readonly text: string
  readonly name: string
}

/** One user of a drill, with the logins they have had. What they can do is in sign-in.ts, using.ts and ending.ts. */
export class Person {
  readonly user: string
  readonly drill: DrillClient
  readonly random: Random
  /** Every credential they were given, old ones too: what a thief could present. */
  readonly all: Held[] = []
  password: NamedSecret = { text: LAB.password, name: 'p1' }
  /** The password before the last change. */
  former: NamedSecret | undefined
  #named = 1

  constructor(user: string, drill: DrillClient, random: Random) {
    this.user = user
    this.drill = drill
    this.random = random
  }

  /** Places of all nodes. */
  get nodes(): readonly number[] {
    return this.drill.cluster.nodes().map((_, place) => place)
  }

  /** Where a request may go: anywhere, or only through the entrance where a session is in one node's memory. */
  somewhere(): Where {
    if (this.drill.mode.store === 'node-memory') return 'proxy'
    const place = this.random.int(this.nodes.length + 1)
    return place === this.nodes.length ? 'proxy' : place
  }

  /** A number that no other name of this user has. */
  nextNumber(): number {
    this.#named += 1
    return this.#named
  }

  who(client = `${this.user}/new`): { user: string; client: string } {
    return { user: this.user, client }
  }

  keep({ held }: Told): Held | undefined {
    if (held !== undefined) this.all.push(held)
    return held
  }

  /** Notes that these logins ended, where that was acknowledged. */
  noteEnd(line: HistoryLine, logins: readonly Held[]): HistoryLine {
    if (line.certainty === 'ok') for (const { login } of logins) this.drill.ended.add(login)
    return line
  }
}
