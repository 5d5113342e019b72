import { nodeIndexOf } from '../../model/nodeIds.ts';
import type { NodeClaims } from './nodeClaims.ts';
import { CLOCK_STEP_MS, type Claims, type Rule } from './rule.ts';
import { waveAt } from './upgradeClaims.ts';

/** What nodes did in their waves, by their phases. */

function msOf(time: string, { result }: Claims): number {
  return Date.parse(time) - Date.parse(result.startedAt);
}

/** A node stops what it runs only in a wave that moves it. */
export const movesFallIntoWaves: Rule = function* (claims) {
  const { nodes, upgrade } = claims;
  if (upgrade === undefined) return;
  for (const { nodeId, report } of nodes) {
    const stray = report.phases
      .filter(({ name }) => name === 'stop')
      .map(({ start }) => msOf(start, claims))
      .find((ms) => waveAt(upgrade, nodeId, ms, CLOCK_STEP_MS) === undefined);
    if (stray !== undefined) {
      yield `${nodeId} stopped what it ran ${stray} ms after the run began, when no wave moved it.`;
    }
  }
};

/** Of a node in a wave that ended well: it stopped what it ran, and was healthy, in that time. */
export const wavesMoveTheirNodes: Rule = function* (claims) {
  const { nodes, upgrade } = claims;
  if (upgrade === undefined) return;
  const halted = new Set(upgrade.report.halted.map(({ nodeId }) => nodeId));
  for (const { index, nodes: moved, outcome, startMs, endMs } of upgrade.report.waves) {
    if (outcome !== 'ok' || endMs === null) continue;
    const isIn = (time: string) => {
      const ms = msOf(time, claims);
      return startMs - CLOCK_STEP_MS <= ms && ms <= endMs + CLOCK_STEP_MS;
    };
    for (const nodeId of moved) {
      const phases = nodes[nodeIndexOf(nodeId)]?.report.phases ?? [];
      const hasStopped = phases.some(({ name, start }) => name === 'stop' && isIn(start));
      const isHealthy = phases.some(
        ({ name, status, end }) => name === 'healthy' && status === 'ok' && isIn(end),
      );
      if ((hasStopped && isHealthy) || halted.has(nodeId)) continue;
      yield `Wave ${index} is said to have moved ${nodeId}, which by its phases did not ${hasStopped ? 'become healthy' : 'stop what it ran'} in it.`;
    }
  }
};

/** Names switch when what has come is healthy on all nodes of the wave, and what served before is stopped after that. */
export const namesSwitchWhenAllAreHealthy: Rule = function* (claims) {
  const { nodes, upgrade } = claims;
  if (upgrade === undefined) return;
  const halted = new Set(upgrade.report.halted.map(({ nodeId }) => nodeId));
  for (const { index, nodes: moved, startMs, switchedMs } of upgrade.report.waves) {
    if (switchedMs === undefined) continue;
    const isBefore = (time: string, slackMs: number) => {
      const ms = msOf(time, claims);
      return startMs - CLOCK_STEP_MS <= ms && ms <= switchedMs + slackMs;
    };
    for (const nodeId of moved.filter((one) => !halted.has(one))) {
      const phases = nodes[nodeIndexOf(nodeId)]?.report.phases ?? [];
      const isHealthy = phases.some(
        ({ name, status, end }) =>
          name === 'healthy' && status === 'ok' && isBefore(end, CLOCK_STEP_MS),
      );
      if (!isHealthy) {
        yield `Names are said to have switched in wave ${index} before what had come to ${nodeId} was healthy.`;
      }
      if (phases.some(({ name, start }) => name === 'stop' && isBefore(start, -CLOCK_STEP_MS))) {
        yield `${nodeId} stopped what it ran in wave ${index} before the names had switched.`;
      }
    }
  }
};

/** What failed and was moved all the same failed in a wave: at any other time that ends the upgrade. */
export const failuresAreOfWaves: Rule = function* (claims) {
  const { nodes, upgrade } = claims;
  if (upgrade === undefined) return;
  for (const { nodeId, lives } of nodes) {
    for (const { name, status, end } of lives.flatMap((life) => life.slice(0, -1))) {
      if (status === 'ok') continue;
      const wave = waveAt(upgrade, nodeId, msOf(end, claims), CLOCK_STEP_MS);
      if (wave?.outcome === 'failed') continue;
      yield `${nodeId} failed in "${name}" and was moved after that, but no wave failed with it.`;
    }
  }
};

/** The mesh serves from when all nodes are healthy. */
export const upgradesBeginHealthy: Rule = function* (claims) {
  const { nodes, upgrade } = claims;
  const [first] = upgrade?.report.windows ?? [];
  if (first === undefined) return;
  for (const { nodeId, report } of nodes) {
    const healthy = report.phases.find(({ name, status }) => name === 'healthy' && status === 'ok');
    const ms = healthy === undefined ? Infinity : msOf(healthy.end, claims);
    if (ms > first.startMs + CLOCK_STEP_MS) {
      yield `Its upgrade began when ${nodeId} was not healthy yet.`;
    }
  }
};

function isDrifted({ plan }: Claims, nodeId: string): boolean {
  return plan.params.verifySignatures && plan.drift.some(({ node }) => node === nodeId);
}

/** A node that is offered other content holds the new Capsule never, so no wave waits for it, and none moves it. */
export const driftedNodesAreNotMoved: Rule = function* (claims) {
  const { nodes, upgrade } = claims;
  if (upgrade === undefined) return;
  for (const { nodeId } of nodes) {
    const isMoved = upgrade.report.waves.some((wave) => wave.nodes.includes(nodeId));
    if (isMoved && isDrifted(claims, nodeId)) {
      yield `${nodeId} was offered other commits than the signed ones, and yet is said to have been moved.`;
    }
  }
};

/** In the real world a node may halt for what its disk has done to its content, too. */
export const haltedNodesHaveACause: Rule = function* (claims) {
  const { nodes, plan, upgrade } = claims;
  if (upgrade === undefined) return;
  const ids = upgrade.report.halted.map(({ nodeId }) => nodeId);
  if (new Set(ids).size < ids.length) yield 'It says twice that a node halted its upgrade.';
  for (const nodeId of ids) {
    if (!nodes.some((node: NodeClaims) => node.nodeId === nodeId)) {
      yield `It says that ${nodeId} halted its upgrade, which is no node of its run.`;
    } else if (plan.world === 'virtual' && !isDrifted(claims, nodeId)) {
      yield `${nodeId} is said to have halted its upgrade, but was offered the signed commits.`;
    }
  }
};
