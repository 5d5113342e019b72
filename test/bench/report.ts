import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { BenchResults } from './results.ts';
import { rowOf } from './table.ts';

/** Rewrites the results in docs/benchmarks.md from a file that `npm run bench` wrote. */
const DOCUMENT = path.join(import.meta.dirname, '../../docs/benchmarks.md');
const BEGIN = '<!-- results: begin -->';
const END = '<!-- results: end -->';

const HEAD = ['figure', 'median', 'quartiles', 'target', 'reached', 'noise'];

function cells(values: readonly string[]): string {
  return `| ${values.map((value) => value.replaceAll('|', '\\|')).join(' | ')} |`;
}

function suiteTable(results: BenchResults, suite: string): string {
  const figures = results.figures.filter((figure) => figure.suite === suite);
  const rows = figures.map((figure) => cells(rowOf(figure).slice(1)));
  const notes = figures.flatMap(({ name, note }) =>
    note === undefined ? [] : [`- ${name}: ${note}`],
  );
  const rule = cells(HEAD.map(() => '---'));
  return [`### ${suite}`, '', cells(HEAD), rule, ...rows, '', ...notes].join('\n');
}

function resultsText(results: BenchResults): string {
  const { machine, figures, failures, seconds } = results;
  const suites = [...new Set(figures.map(({ suite }) => suite))];
  const judged = figures.filter(({ reached }) => reached !== undefined);
  const reached = judged.filter((figure) => figure.reached === true).length;
  const total = Object.values(seconds).reduce((sum, value) => sum + value, 0);
  const warning = results.quick
    ? 'These are figures of `--quick`: they show that the suites run, and nothing else.\n'
    : '';
  return [
    `Measured ${results.at.slice(0, 10)} on ${machine.cores} cores (${machine.cpu}), ${machine.memoryGiB} GiB, ` +
      `${machine.os} ${machine.arch}, Node ${machine.node}; load average at the start ${machine.loadAverage}; ` +
      `${Math.round(total / 60)} minutes. ${reached} of ${judged.length} targets reached.`,
    '',
    warning,
    ...suites.map((suite) => `${suiteTable(results, suite)}\n`),
    ...failures.map(({ suite, reason }) => `- ${suite} failed: ${reason.split('\n', 1)[0] ?? ''}`),
  ].join('\n');
}

const [, , source = 'bench-results/latest.json'] = process.argv;
const results = JSON.parse(await readFile(source, 'utf8')) as BenchResults;
const document = await readFile(DOCUMENT, 'utf8');
const begin = document.indexOf(BEGIN);
const end = document.indexOf(END);
if (begin < 0 || end < begin)
  throw new Error(`${DOCUMENT} has lost its markers ${BEGIN} and ${END}.`);
const text = `${document.slice(0, begin + BEGIN.length)}\n\n${resultsText(results)}\n\n${document.slice(end)}`;
const config = await resolveConfig(DOCUMENT);
await writeFile(DOCUMENT, await format(text, { ...config, parser: 'markdown' }));
