import pc from 'picocolors'
import type { Tone } from '../table/report-table.ts'

/** Colours, or none: then every function gives back what it got. */
export interface Paint {
  bold(text: string): string
  dim(text: string): string
  good(text: string): string
  bad(text: string): string
  shout(text: string): string
  tone(text: string, tone: Tone | undefined): string
}

export function createPaint(colour: boolean): Paint {
  const colours = pc.createColors(colour)
  const tone = (text: string, wanted: Tone | undefined) => {
    if (wanted === 'good') return colours.green(text)
    if (wanted === 'bad') return colours.bold(colours.red(text))
    return wanted === 'dim' ? colours.dim(text) : text
  }
  return {
    bold: colours.bold,
    dim: colours.dim,
    good: colours.green,
    bad: colours.red,
    shout: (text) => colours.bold(colours.inverse(colours.red(text))),
    tone,
  }
}
