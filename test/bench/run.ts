import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Figure } from './figure.ts';
import { describeMachine } from './machine.ts';
import { wallMs } from './measure.ts';
import { NoiseMeter } from './noise.ts';
import type { BenchResults } from './results.ts';
import { figuresOf } from './suite.ts';
import { SUITES } from './suites.ts';
import { textTable } from './table.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const RESULTS = path.join(ROOT, 'bench-results');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } },
});

const unknown = positionals.filter((name) => !(name in SUITES));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no suite "${unknown.join('", "')}": choose from ${Object.keys(SUITES).join(', ')}.\n`,
  );
  process.exit(2);
}

const meter = new NoiseMeter();
const figures: Figure[] = [];
const failures: { suite: string; reason: string }[] = [];
const seconds: Record<string, number> = {};

let current = '';

function noteFailure(error: unknown): void {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  failures.push({ suite: current, reason });
  process.stderr.write(`\n${reason}\n`);
}

// What the product throws where nobody can catch it spoils a figure, not the whole report.
process.on('uncaughtException', noteFailure);

async function runSuite(name: string): Promise<void> {
  const scratch = await mkdtemp(path.join(tmpdir(), `mesh-sim-bench-${name}-`));
  const start = wallMs();
  current = name;
  try {
    const { suite } = (await SUITES[name]?.()) ?? {};
    if (suite === undefined) return;
    process.stderr.write(`${name}: ${suite.title} …`);
    const dist = path.join(ROOT, 'dist');
    const inputs = await suite.run({ meter, quick: values.quick, scratch, dist });
    figures.push(...figuresOf(name, inputs));
  } catch (error) {
    noteFailure(error);
  } finally {
    await rm(scratch, { recursive: true, force: true });
    seconds[name] = Math.round((wallMs() - start) / 100) / 10;
    process.stderr.write(` ${seconds[name]} s\n`);
  }
}

const wanted = positionals.length > 0 ? positionals : Object.keys(SUITES);
const machine = describeMachine();
for (const name of wanted) await runSuite(name);

process.stdout.write(`\n${textTable(figures)}\n`);
for (const { name, note } of figures) {
  if (note !== undefined) process.stdout.write(`  ${name}: ${note}\n`);
}
for (const { suite, reason } of failures) {
  process.stdout.write(`${suite} failed: ${reason.split('\n', 1)[0] ?? ''}\n`);
}

const results: BenchResults = {
  at: new Date().toISOString(),
  quick: values.quick,
  machine,
  figures,
  failures,
  seconds,
};
const text = `${JSON.stringify(results, null, 2)}\n`;
await mkdir(RESULTS, { recursive: true });
const stamped = path.join(RESULTS, `${results.at.replaceAll(':', '-')}.json`);
await writeFile(stamped, text);
await copyFile(stamped, path.join(RESULTS, 'latest.json'));
if (values.json !== undefined) await writeFile(values.json, text);
process.exitCode = failures.length > 0 ? 1 : 0;
