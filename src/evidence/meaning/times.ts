import { CLOCK_STEP_MS, type Rule } from './rule.ts';

export const runEndsAfterItsStart: Rule = function* ({ result }) {
  if (result.startedAt > result.endedAt) yield 'The run ends before it starts.';
};

export const phasesFollowEachOther: Rule = function* ({ nodes, result }) {
  // ISO 8601 in UTC with fixed precision: the order of the texts is the order of the times.
  const { startedAt, endedAt } = result;
  for (const { nodeId, report } of nodes) {
    const isOrdered = report.phases.every(({ start, end }, at) => {
      const before = report.phases[at - 1]?.end ?? startedAt;
      return before <= start && start <= end && end <= endedAt;
    });
    if (!isOrdered) {
      yield `A phase of ${nodeId} lies outside the run, ends before it starts, or starts before the one before it ended.`;
    }
  }
};

/**
 * In virtual time no other node can have verified the Capsule before n0 did, where all content comes from. In the real world
 * reports of two processes may reach the orchestrator in another order than they were made.
 */
export const contentComesFromTheEntry: Rule = function* ({ nodes, plan }) {
  // What nodes of an upgrade verify as they boot is on their disks.
  if (plan.world !== 'virtual' || plan.upgrade !== undefined) return;
  const [entry, ...others] = nodes.map(({ nodeId, report }) => ({
    nodeId,
    verified: report.phases.find(({ name, status }) => name === 'verify' && status === 'ok')?.end,
  }));
  for (const { nodeId, verified } of others) {
    if (verified !== undefined && (entry?.verified === undefined || verified < entry.verified)) {
      yield `${nodeId} verified the Capsule before n0, which all content comes from.`;
    }
  }
};

/** Nothing that was measured can have taken longer than the run. */
export const measurementsFitIntoTheRun: Rule = function* ({ evidence, result, lastedMs }) {
  const most = lastedMs + CLOCK_STEP_MS;
  if (evidence.network.disseminationMs > most) {
    yield 'Spreading the content took longer than the run.';
  }
  const latencies = result.latencyMatrix.flat();
  if (latencies.some((ms) => ms > most)) yield 'A latency is longer than the run.';
  const times = evidence.indicators.filter(({ metric }) => metric.endsWith('-ms'));
  for (const { name, value } of times) {
    if (value > most) yield `The indicator "${name}" is longer than the run.`;
  }
};
