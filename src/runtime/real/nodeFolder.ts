import path from 'node:path';
import { nodeIdOf } from '../../model/nodeIds.ts';

export function nodeFolder(runFolder: string, index: number): string {
  return path.join(runFolder, 'nodes', nodeIdOf(index));
}
