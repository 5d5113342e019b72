import { readdirSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { record } from './record.ts';
import { recorderOn } from './recorder.ts';

/** The editor calls this in its extension host; it resolves when the suite ran, however it went. */
export async function run(): Promise<void> {
  record({ type: 'start', vscode: vscode.version, node: process.version });
  try {
    await runSuite();
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    record({ type: 'fail', title: 'the suite could not be run', depth: 0, error: text });
  }
  record({ type: 'end' });
}

async function runSuite(): Promise<void> {
  // What `require` would give of this ES module differs between the Node.js of the oldest and of the newest editor.
  const { default: Mocha } = await import('mocha');
  const reporter = recorderOn(Mocha.reporters.Base);
  const mocha = new Mocha({ ui: 'bdd', timeout: 120_000, forbidOnly: true, reporter });
  const isTest = (file: string): boolean => file.endsWith('.test.cjs');
  for (const file of readdirSync(__dirname).filter(isTest).sort())
    mocha.addFile(path.join(__dirname, file));
  await mocha.loadFilesAsync();
  await new Promise((resolve) => mocha.run(resolve));
}
