import type { Registry } from '../model/registry.ts';

export interface LoadedRegistry {
  /** Absolute path of the file. */
  readonly file: string;
  /** The folder that `repo` paths are relative to. */
  readonly folder: string;
  readonly registry: Registry;
}

/** @throws MeshSimError `registry-invalid` or `path-outside`: one sentence with file, JSON path and what to do. */
export function readRegistry(_file: string): Promise<LoadedRegistry> {
  return Promise.reject(new Error('not yet'));
}
