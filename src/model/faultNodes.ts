import { byKind, type ByKind } from './faultKinds.ts';
import type { FaultEffect } from './faultSchemas.ts';
import type { Trigger } from './plan.ts';

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

/** The node whose phase or migration a fault waits for; undefined: it waits for something else. */
export function waitedNodeOf(when: Trigger): string | undefined {
  if ('node' in when) return when.node;
  return 'migrates' in when ? when.migrates : undefined;
}

/** The nodes that the effect of a fault names, by id. */
export function nodesOf(effect: FaultEffect): readonly string[] {
  return byKind(NODES, effect);
}
