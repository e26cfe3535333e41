/**
 * Do the checkers say no? Records drills on a real cluster with each planted bug switched on, and as many without, and
 * shows in how many of them the checkers reject the history.
 *
 *   NODE_ENV=test npx node test/truth/planted-bugs.ts --seeds 20 --clean 100 [--plants fail-open,…] [--seconds 1.5]
 *
 * Not part of `npm test`: it takes a quarter of an hour.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { judgeHistory } from '#bench/check/judge-history.ts'
import { formatHistory } from '#bench/check/parse-history.ts'
import { drill } from '#bench/experiment/drill/drill.ts'
import { USERS_OF_A_DRILL } from '#bench/experiment/drill/drill-settings.ts'
import { type DrillLab, openDrillLab } from '#bench/experiment/drill/run-drills.ts'
import { MODE_NAMES, type ModeName } from '#contract/modes.ts'
import { isPlantName, PLANT_NAMES, PLANTS, type PlantName } from '#contract/plants.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    clean: { type: 'string', default: '100' },
    plants: { type: 'string', default: PLANT_NAMES.join(',') },
    modes: { type: 'string', default: MODE_NAMES.join(',') },
    seconds: { type: 'string', default: '1.5' },
    out: { type: 'string', default: 'results/planted-bugs' },
  },
})
const [seeds, clean, seconds] = [Number(values.seeds), Number(values.clean), Number(values.seconds)]
const signal = new AbortController().signal
const quiet = { update: () => {}, note: (text: string) => console.error(text) }
/** Bugs that show only while the store is troubled; the others need no such time. */
const NEED_TROUBLE: readonly string[] = ['fail-open', 'pushed-without-repair']

function openLab(mode: ModeName, plant: PlantName | undefined, runs: number): Promise<DrillLab> {
  const users = 1 + runs * USERS_OF_A_DRILL
  const tokens = { jwtAlgorithm: 'HS256', jwtVerifier: 'jose' } as const
  const lab = {
    modes: [mode],
    nodes: 3,
    users,
    forwarder: 'http-proxy',
    redisUrl: undefined,
    plant,
    ...tokens,
  } as const
  return openDrillLab(lab, quiet, signal)
}

interface Run {
  mode: ModeName
  plant: PlantName | undefined
  seed: number
  place: number
  gated: boolean
}

/** The names of the checkers that reject one drill; its history is kept where any does. */
async function rejections(lab: DrillLab, { mode, plant, seed, place, gated }: Run): Promise<string[]> {
  const store = plant === undefined || NEED_TROUBLE.includes(plant) ? lab.store : undefined
  const plan = {
    mode,
    seed,
    seconds: gated ? 0 : seconds,
    firstUser: 1 + place * USERS_OF_A_DRILL,
    plant,
    gated,
  }
  const history = await drill(lab.cluster, gated ? undefined : store, plan, signal)
  const broken = judgeHistory(history)
    .flatMap(({ results }) => results.filter(({ verdict }) => verdict === 'invalid'))
    .map(({ checker }) => checker)
  if (broken.length > 0) {
    mkdirSync(values.out, { recursive: true })
    const name = `${plant ?? 'clean'}-${mode}-${gated ? 'gated' : seed}.ndjson`
    writeFileSync(join(values.out, name), formatHistory(history))
  }
  return broken
}

for (const plant of values.plants.split(',').filter((name) => name !== '')) {
  if (!isPlantName(plant))
    throw new Error(`--plants: there is no ${plant}; there are ${PLANT_NAMES.join(', ')}`)
  const { mode } = PLANTS[plant]
  await using lab = await openLab(mode, plant, seeds + 1)
  const by = new Map<string, number>()
  let rejected = 0
  let first = 0
  for (let seed = 1; seed <= seeds; seed += 1) {
    const broken = await rejections(lab, { mode, plant, seed, place: seed - 1, gated: false })
    for (const checker of broken) by.set(checker, (by.get(checker) ?? 0) + 1)
    if (broken.length > 0) rejected += 1
    if (broken.length > 0 && first === 0) first = seed
  }
  const gates = await rejections(lab, { mode, plant, seed: 1, place: seeds, gated: true })
  const checkers = [...by].sort((a, b) => b[1] - a[1]).map(([name, count]) => `${name} ${count}`)
  console.log(
    `| ${plant} | ${mode} | ${rejected}/${seeds} | ${first || '–'} | ${checkers.join(', ') || '–'} | ${gates.join(', ') || '–'} |`,
  )
}

const modes = values.modes.split(',') as ModeName[]
let runs = 0
let alarms = 0
for (const [index, mode] of modes.entries()) {
  const own = Math.floor(clean / modes.length) + (index < clean % modes.length ? 1 : 0)
  if (own === 0) continue
  await using lab = await openLab(mode, undefined, own)
  let wrong = 0
  for (let seed = 1; seed <= own; seed += 1) {
    const gated = seed === own
    const broken = await rejections(lab, { mode, plant: undefined, seed, place: seed - 1, gated })
    if (broken.length > 0) console.log(`  ${mode}, seed ${seed}: ${broken.join(', ')}`)
    if (broken.length > 0) wrong += 1
  }
  runs += own
  alarms += wrong
  console.log(`| no plant | ${mode} | ${wrong}/${own} |`)
}
console.log(`${alarms} of ${runs} runs without a planted bug rejected`)
