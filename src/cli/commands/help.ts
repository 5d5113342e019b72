import type { Command } from 'commander';
import { MeshSimError } from '../../base/errors.ts';

/** Of a program that does something without a command commander makes no such command by itself. */
export function addHelpCommand(program: Command): void {
  program
    .command('help')
    .argument('[command]')
    .helpOption(false)
    .description('Says what a command does, and takes; without one, what there is.')
    .action((name: string | undefined) => {
      const asked =
        name === undefined ? program : program.commands.find((one) => one.name() === name);
      if (asked === undefined) throw unknownCommand(String(name));
      asked.help();
    });
}

export function unknownCommand(name: string): MeshSimError {
  const sentence = `There is no command "${name}": "mesh-sim help" names those there are.`;
  return new MeshSimError('usage', sentence);
}
