import { byKind, type ByKind } from './faultKinds.ts';
import type { FaultEffect } from './faultSchemas.ts';

const NODES: ByKind<readonly string[]> = {
  kill: ({ kill }) => [kill],
  partition: ({ partition: { from, to } }) => [...from, ...to],
  degradeLink: ({ degradeLink: { from, to } }) => [from, to],
  slow: ({ slow }) => [slow],
  corruptChunks: ({ corruptChunks: { to } }) => [to],
  byzantine: ({ byzantine }) => [byzantine],
  pause: ({ pause }) => [pause],
  killService: ({ killService: { node } }) => [node],
  refuse: ({ refuse: { from, to } }) => [...from, ...to],
  dns: ({ dns: { nodes } }) => nodes,
  fillDisk: ({ fillDisk }) => [fillDisk],
};

/** The nodes that the effect of a fault names, by id. */
export function nodesOf(effect: FaultEffect): readonly string[] {
  return byKind(NODES, effect);
}
