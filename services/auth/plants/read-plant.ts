import { EXIT, StillinError } from '#contract/errors.ts'
import { isPlantName, PLANT_NAMES, type PlantName } from '#contract/plants.ts'

/** @throws StillinError (usage) outside of tests, and for a bug that does not exist. */
export function readPlant(plant: string | undefined, testing: boolean): PlantName | undefined {
  if (plant === undefined) return undefined
  if (!testing) throw usage('STILLIN_PLANT: planted bugs exist only under NODE_ENV=test; unset it')
  if (isPlantName(plant)) return plant
  throw usage(`STILLIN_PLANT: no plant "${plant}"; known: ${PLANT_NAMES.join(', ')}`)
}

function usage(message: string): StillinError {
  return new StillinError(message, { exitCode: EXIT.usage })
}
