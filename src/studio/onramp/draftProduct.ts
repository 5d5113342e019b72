import { existsSync } from 'node:fs';
import path from 'node:path';
import { MeshSimError } from '../../base/errors.ts';
import { GitRepository } from '../../capsule/gitRepository.ts';
import { draftRegistry, type Draft } from '../../onramp/draft.ts';
import { folderFiles } from '../../onramp/files/folderFiles.ts';
import { replaceFile } from '../../base/replaceFile.ts';
import { hasRequired, lookHere, type MachineOptions } from './machine.ts';

export const REGISTRY_FILE = 'mesh.services.json';

export interface DraftRequest {
  /** Of the product. */
  readonly folder: string;
  readonly from?: string | undefined;
  readonly profiles?: readonly string[];
  readonly signal?: AbortSignal;
}

/** A registry of the product in a folder; nothing is written. @throws MeshSimError `source-invalid`, `usage`, `disk-failed` */
export async function draftProduct(
  machine: MachineOptions,
  { folder, from, profiles, signal }: DraftRequest,
): Promise<Draft> {
  const files = await folderFiles(folder, signal);
  const options = {
    from,
    ...(profiles === undefined ? {} : { profiles }),
    hasProgram: hasRequired(machine),
    isRoot: process.getuid?.() === 0,
  };
  const named = draftRegistry(files, { ...options, hasNames: true });
  const plain = draftRegistry(files, { ...options, hasNames: false });
  // It takes making a box to know, and most products need not know.
  if (named.text === plain.text || (await lookHere(machine)).isolation !== 'none') return named;
  return plain;
}

/** @returns where it is now. @throws MeshSimError `usage` where there is one and `force` is not given, `disk-failed` */
export async function writeRegistry(folder: string, text: string, force: boolean): Promise<string> {
  const file = path.join(path.resolve(folder), REGISTRY_FILE);
  if (existsSync(file) && !force) {
    throw new MeshSimError(
      'usage',
      `There is a ${file} already: add --force to replace it, or --print to see what would be written.`,
    );
  }
  await replaceFile(file, text);
  return file;
}

/** Packing reads commits: without one there is nothing to rehearse. @throws MeshSimError `not-a-repository`, `unknown-commit`, `git-failed` */
export async function assertCommitted(folder: string, signal?: AbortSignal): Promise<void> {
  const repository = await GitRepository.open(folder, signal).catch((error: unknown) => {
    if (!(error instanceof MeshSimError) || error.code !== 'not-a-repository') throw error;
    throw new MeshSimError(
      'not-a-repository',
      `${path.resolve(folder)} is in no git repository, and what is rehearsed is what is committed: run "git init && git add -A && git commit -m First" there.`,
      { cause: error },
    );
  });
  await repository.resolveCommit('HEAD');
}
