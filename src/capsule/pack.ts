import type { Capsule } from '../model/capsule.ts';
import type { ObjectStore } from './objectStore.ts';

export interface PackOptions {
  readonly registryFile: string;
  readonly store: ObjectStore;
  readonly allowDirty?: boolean;
  readonly signal?: AbortSignal;
}

export interface RepackOptions {
  readonly capsule: Capsule;
  readonly registryFolder: string;
  readonly service: string;
  /** Any revision git can resolve to a commit. */
  readonly commit: string;
  readonly store: ObjectStore;
  readonly signal?: AbortSignal;
}

export function packCapsule(_options: PackOptions): Promise<Capsule> {
  return Promise.reject(new Error('not yet'));
}

export function repackServiceAt(_options: RepackOptions): Promise<Capsule> {
  return Promise.reject(new Error('not yet'));
}
