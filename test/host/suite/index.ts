import { readdirSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';
import * as vscode from 'vscode';
import { record } from './record.ts';

/** The editor calls this in its extension host; it resolves when the suite ran, however it went. */
export async function run(): Promise<void> {
  record({ type: 'start', vscode: vscode.version, node: process.version });
  const mocha = new Mocha({ ui: 'bdd', timeout: 120_000, forbidOnly: true, reporter: Recorder });
  const isTest = (file: string): boolean => file.endsWith('.test.cjs');
  for (const file of readdirSync(__dirname).filter(isTest).sort())
    mocha.addFile(path.join(__dirname, file));
  await mocha.loadFilesAsync();
  await new Promise((resolve) => mocha.run(resolve));
  record({ type: 'end' });
}

class Recorder extends Mocha.reporters.Base {
  #depth = -1;

  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.on('suite', ({ root, title }) => {
      this.#depth += 1;
      if (!root) record({ type: 'suite', title, depth: this.#depth });
    });
    runner.on('suite end', () => (this.#depth -= 1));
    runner.on('pass', ({ title, duration = 0 }) =>
      record({ type: 'pass', title, depth: this.#depth, milliseconds: duration }),
    );
    runner.on('pending', ({ title }) => record({ type: 'pending', title, depth: this.#depth }));
    runner.on('fail', ({ title }, error: Error) =>
      record({
        type: 'fail',
        title,
        depth: this.#depth,
        error: error.stack ?? error.message,
      }),
    );
  }
}
