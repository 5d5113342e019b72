import { MeshSimError } from '../../base/errors.ts';

/** @param column from 1 @param why the rest of a sentence @throws MeshSimError `usage` */
export function refuse(column: number, why: string): never {
  throw new MeshSimError('usage', `Column ${column} of the query: ${why}.`);
}
