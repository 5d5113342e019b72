import path from 'node:path';
import type { Command } from 'commander';
import { MeshSimError } from '../../base/errors.ts';
import { megabytes } from '../../base/quantity.ts';
import { printable } from '../../base/visibleText.ts';
import { rateWords } from '../../model/home.ts';
import { HOSTS_FILE } from '../../model/hosts.ts';
import { visitHosts, type Visit } from '../../runtime/hosts/remote/visitHosts.ts';
import { makeCompiledCodeFolder } from '../../studio/runs/compiledCode.ts';
import { readHosts } from '../../studio/workspace/hostsFile.ts';
import {
  openWorkspace,
  printJson,
  printLine,
  sayWait,
  type CommandContext,
} from '../commandContext.ts';
import { EXIT } from '../exitCodes.ts';

interface HostsFlags {
  readonly workspace: string;
  readonly hosts?: string;
  readonly json?: boolean;
  readonly everything?: boolean;
}

export function addHostsCommands(program: Command, context: CommandContext): void {
  const hosts = program
    .command('hosts')
    .summary('see whether nodes can live on the hosts of mesh.hosts.json, or clean them');
  const common = (name: string, summary: string) =>
    hosts
      .command(name)
      .summary(summary)
      .argument('[host...]', 'these alone (default all)')
      .option('--workspace <folder>', 'the folder that holds .meshsim', '.')
      .option('--hosts <file>', 'hosts are described here (default mesh.hosts.json)')
      .option('--json', 'one JSON object per line');
  common(
    'check',
    'reach each: its system, Node.js, clock, and what the way there takes and carries',
  ).action((names: string[], flags: HostsFlags) => visitAll(context, names, flags, undefined));
  common('clean', 'end and remove what runs have left there')
    .option('--everything', 'also what is kept there for the next run')
    .action((names: string[], flags: HostsFlags) =>
      visitAll(context, names, flags, flags.everything === true ? 'everything' : 'left'),
    );
}

async function visitAll(
  context: CommandContext,
  names: readonly string[],
  flags: HostsFlags,
  remove: 'left' | 'everything' | undefined,
): Promise<void> {
  const { options } = openWorkspace(context, flags.workspace);
  const described = await readHosts(options.folder, flags.hosts);
  const known = Object.keys(described);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined || known.length === 0) {
    const there = known.length === 0 ? 'describes no host' : `has ${known.join(', ')}`;
    const what = unknown === undefined ? '' : `There is no host "${unknown}": `;
    throw new MeshSimError('usage', `${what}${flags.hosts ?? HOSTS_FILE} ${there}.`);
  }
  const meant = Object.entries(described).filter(
    ([name]) => names.length === 0 || names.includes(name),
  );
  const { environment, bundleFolder } = options;
  const visits = await visitHosts({
    bundles: {
      pipes: path.join(bundleFolder, 'pipes.cjs'),
      keeper: path.join(bundleFolder, 'keeper.cjs'),
    },
    hosts: Object.fromEntries(meant),
    compileCacheFolder: await makeCompiledCodeFolder(environment),
    environment,
    remove,
    onWait: (sentence) => sayWait(context, sentence),
    signal: context.signal,
  });
  for (const visit of visits) {
    if (flags.json === true) printJson(context, visit);
    else for (const line of linesOf(visit)) printLine(context, printable(line));
  }
  if (visits.some((visit) => 'problem' in visit)) process.exitCode = EXIT.fail;
}

function linesOf(visit: Visit): string[] {
  if ('problem' in visit) return [`✗ ${visit.problem}`];
  const { host, removed } = visit;
  const kept = 'kept' in visit ? visit.kept : undefined;
  const cleaned = [
    ...(removed?.map((what) => `  removed ${what}`) ?? []),
    ...(removed?.length === 0 ? ['  nothing was left'] : []),
    ...(kept?.map(
      ({ path: file, bytes }) =>
        `  keeps Node.js at ${file} (${megabytes(bytes)}) for the next run; --everything removes it`,
    ) ?? []),
  ];
  if (!('claims' in visit)) return [`✔ ${host}`, ...cleaned];
  const { claims, clock, pathMbps, hostKey, image, wallSkewMs } = visit;
  const { os, arch, node, cores } = claims;
  const seen = hostKey ?? image;
  const identity = seen === undefined ? '' : `, ${seen}`;
  const carries = pathMbps === undefined ? '' : `; carries ${rateWords(pathMbps)} each way`;
  return [
    `✔ ${host}  ${os} ${arch}, Node.js ${node}, ${cores} cores${identity}`,
    `  round trip ${clock.rttMinMs.toFixed(1)} ms at best, ${clock.rttP50Ms.toFixed(1)} ms usually${carries}; clock known to ${clock.errorMs.toFixed(2)} ms; wall clock ${(wallSkewMs / 1_000).toFixed(1)} s ahead`,
    ...cleaned,
  ];
}
