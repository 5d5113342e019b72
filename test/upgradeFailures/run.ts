import { CATALOGUE } from './catalogue.ts';
import { findingsOf, hindranceOf, isFound, RehearsedFailure } from './rehearsedFailure.ts';
import { markdownTable, type Measured } from './table.ts';
import type { UpgradeFailure } from './upgradeFailure.ts';

/**
 * Rehearses the upgrades of the catalogue, or of the classes named, with SEEDS seeds (20; `5-8`: those) for each version, and prints
 * the table. Exits with 1 when one was not found, or when a mended version or a first start of a broken one did not pass.
 */
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

async function measure(failure: UpgradeFailure): Promise<Measured> {
  const rehearsed = await RehearsedFailure.pack(failure);
  let [found, passed] = [0, 0];
  const problems: string[] = [];
  let sentence = '';
  try {
    const first = await rehearsed.firstStart();
    if (first.outcome !== 'pass') problems.push(`first start: ${findingsOf(first).join('\n')}`);
    for (const seed of seeds) {
      const broken = await rehearsed.upgrade('broken', seed);
      if (isFound(failure, broken)) {
        found += 1;
        sentence ||= findingsOf(broken).join('\n    ');
      } else problems.push(`seed ${seed}, broken: ${findingsOf(broken).join('\n')}`);
      const fixed = await rehearsed.upgrade('fixed', seed);
      if (fixed.outcome === 'pass') passed += 1;
      else problems.push(`seed ${seed}, fixed: ${findingsOf(fixed).join('\n')}`);
    }
  } finally {
    await rehearsed.dispose();
  }
  return { failure, found, passed, seeds: seeds.length, sentence, problems };
}

const results: Measured[] = [];
for (const failure of CATALOGUE) {
  if (named.length > 0 && !named.includes(failure.name)) continue;
  const hindrance = hindranceOf(failure);
  if (hindrance !== undefined) {
    process.stdout.write(`- ${failure.name}: skipped, ${hindrance}\n`);
    continue;
  }
  const measured = await measure(failure);
  results.push(measured);
  const { found, passed, sentence, problems } = measured;
  process.stderr.write(
    `${failure.name}: found ${found}, fixed passed ${passed} of ${seeds.length}\n    ${sentence}\n`,
  );
  for (const problem of problems) process.stderr.write(`  ${problem}\n`);
}
process.stdout.write(`\n${markdownTable(results)}`);
process.exitCode = results.some(({ problems }) => problems.length > 0) ? 1 : 0;
