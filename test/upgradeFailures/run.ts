import { CATALOGUE } from './catalogue.ts';
import { hindranceOf } from './rehearsedFailure.ts';
import { markdownTable } from './table.ts';
import { Measuring } from './measuring.ts';

/**
 * Rehearses the upgrades of the catalogue, or of the classes named, with SEEDS seeds (20; `5-8`: those) for each version, and prints
 * a line for each run as it ends, and the table. Goes seed by seed through all classes, so that what was printed until it was ended
 * is as much of each. Exits with 1 when one was not found, or when a mended version or a first start of a broken one did not pass.
 */
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const wanted = process.env.SEEDS ?? '20';
const [, from = '1', to = '0'] = /^(?:(\d+)-)?(\d+)$/.exec(wanted) ?? [];
const seeds = Array.from({ length: Number(to) - Number(from) + 1 }, (_, at) => Number(from) + at);
const named = process.argv.slice(2);
const unknown = named.filter((name) => !CATALOGUE.some((failure) => failure.name === name));
if (unknown.length > 0 || seeds.length === 0) {
  const choice = CATALOGUE.map(({ name }) => name).join(', ');
  const wrong =
    unknown.length > 0 ? `There is no class "${unknown.join('", "')}"` : `SEEDS is "${wanted}"`;
  process.stderr.write(
    `${wrong}: name classes out of ${choice}, and let SEEDS be how many seeds, or from which to which, as 20 or 5-8.\n`,
  );
  process.exit(2);
}

const measured: Measuring[] = [];
try {
  for (const failure of CATALOGUE) {
    if (named.length > 0 && !named.includes(failure.name)) continue;
    const hindrance = hindranceOf(failure) ?? (await failure.prepare?.());
    if (hindrance === undefined) measured.push(await Measuring.begin(failure, say));
    else say(`${failure.name}: skipped, ${hindrance}`);
  }
  for (const seed of seeds) for (const measuring of measured) await measuring.measure(seed);
} finally {
  for (const measuring of measured) await measuring.dispose();
}
say(`\n${markdownTable(measured)}`);
process.exitCode = measured.some(({ problems }) => problems > 0) ? 1 : 0;
