import { Command } from 'commander'
import type { ControlFlags } from '../control-connection.ts'

/** A command that speaks to a running cluster, with the flags that say to which. */
export function controlCommand(name: string): Command {
  return new Command(name)
    .option(
      '--cluster <where>',
      'a cluster in containers or elsewhere: compose, compose:PROJECT or attach:FILE',
    )
    .option('--control <url>', "address of the cluster's control, where it was not started from here")
    .option('--token-file <file>', "file that holds control's token")
}

/** The flags that `controlCommand` added. */
export function controlFlags(command: Command): ControlFlags {
  return command.opts<ControlFlags>()
}
