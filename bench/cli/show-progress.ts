import ora from 'ora'
import type { Progress } from '#bench/experiment/progress.ts'
import type { CommandContext } from './command-context.ts'

/** A line that tells what is going on and how long it will take; quiet where nobody is looking. */
export interface ShownProgress extends Progress, Disposable {
  /** Takes the line away, so that something can be printed; the next update brings it back. */
  pause(): void
}

export function showProgress(context: CommandContext): ShownProgress {
  if (!context.interactive) {
    return { update() {}, note: context.note, pause() {}, [Symbol.dispose]() {} }
  }
  // Ctrl-C stays the program's: the spinner must not swallow the keyboard.
  const spinner = ora({ stream: process.stderr, discardStdin: false })
  return {
    update: (text, secondsLeft) => void spinner.start(`${text}${leftText(secondsLeft)}`),
    note: (text) => {
      spinner.stop()
      context.note(text)
    },
    pause: () => void spinner.stop(),
    [Symbol.dispose]: () => void spinner.stop(),
  }
}

function leftText(secondsLeft: number | undefined): string {
  if (secondsLeft === undefined) return ''
  const minutes = Math.floor(secondsLeft / 60)
  const seconds = String(secondsLeft % 60).padStart(minutes > 0 ? 2 : 1, '0')
  return minutes > 0 ? ` (about ${minutes} min ${seconds} s left)` : ` (about ${seconds} s left)`
}
