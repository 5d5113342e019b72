import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createCommandLine, type CommandLine } from './commandLine.ts';
import { createTinyRepository, healthyService, type TinyRepository } from './tinyProduct.ts';

export interface PackedWorld {
  readonly product: TinyRepository;
  readonly commands: CommandLine;
  readonly capsule: string;
  readonly run: (...args: string[]) => ReturnType<CommandLine['meshSim']>;
  readonly describe: (production: object) => Promise<void>;
}

/**
 * A product of one service that is packed, with production to deploy to.
 * @param commands that pack it; left out: processes of their own
 */
export async function packedWorld(commands?: CommandLine): Promise<PackedWorld> {
  const product = await createTinyRepository([healthyService()]);
  const used = commands ?? (await createCommandLine());
  const run = (...args: string[]) => used.meshSim(args, product.repo);
  const describe = (production: object) =>
    writeFile(
      path.join(product.repo, 'mesh.environments.json'),
      JSON.stringify({
        environments: {
          production: {
            production: true,
            gate: { allowDegraded: true },
            target: { kind: 'directory', path: '../prod' },
            ...production,
          },
        },
      }),
    );
  await describe({});
  return { product, commands: used, capsule: (await run('pack')).stdout, run, describe };
}
