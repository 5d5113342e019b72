import type { Command } from 'commander';
import {
  REGIONS,
  REGIONS_SOURCE,
  regionOf,
  regionRttMs,
  type Region,
} from '../../model/regions.ts';
import { printJson, printLine, type CommandContext } from '../commandContext.ts';
import { unknownRegion } from '../regionFlags.ts';

interface RegionsFlags {
  readonly json?: boolean;
}

export function addRegionsCommand(program: Command, context: CommandContext): void {
  program
    .command('regions')
    .summary('list the regions that --regions takes, with round-trip times between them')
    .argument('[region...]', 'these alone (default all)')
    .option('--json', 'one JSON object per line')
    .action((names: string[], flags: RegionsFlags) => {
      const regions = names.length === 0 ? REGIONS : names.map(known);
      if (flags.json === true)
        for (const one of regions) printJson(context, recordOf(one, regions));
      else for (const line of linesOf(regions)) printLine(context, line);
    });
}

function known(name: string): Region {
  const region = regionOf(name);
  if (region === undefined) throw unknownRegion(name);
  return region;
}

function recordOf(region: Region, all: readonly Region[]) {
  return {
    ...region,
    rttMs: Object.fromEntries(all.map(({ id }) => [id, regionRttMs(region.id, id)])),
  };
}

/** Each region with the times from it to all others, ms. */
function linesOf(regions: readonly Region[]): string[] {
  const nameWidth = Math.max(...regions.map(({ name }) => name.length));
  const cell = (text: string | number) => String(text).padStart(5);
  const head = `${'id'.padEnd(5)} ${'near'.padEnd(4)} ${'name'.padEnd(nameWidth)}`;
  return [
    `${head}${regions.map(({ id }) => cell(id)).join('')}`,
    ...regions.map(
      ({ id, airport, name }) =>
        `${id.padEnd(5)} ${airport.padEnd(4)} ${name.padEnd(nameWidth)}${regions.map((to) => cell(regionRttMs(id, to.id))).join('')}`,
    ),
    '',
    `Round-trip times in ms, the 95th percentile; within a region 1 ms is assumed.`,
    `Source: ${REGIONS_SOURCE.title}, ${REGIONS_SOURCE.licence}.`,
  ];
}
