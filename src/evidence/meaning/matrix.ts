import { leastDelays } from './plannedRun.ts';
import { held, isPass, type Claims, type Rule } from './rule.ts';

const UNREACHABLE = -1;
/** Each relay rounds to whole microseconds. */
const ROUNDING_MS = 0.01;

export const matrixIsSquare: Rule = function* ({ result }) {
  const { latencyMatrix, params } = result;
  const isSquare =
    latencyMatrix.length === params.nodes &&
    latencyMatrix.every((row) => row.length === params.nodes);
  if (!isSquare) yield `The latency matrix is not ${params.nodes} × ${params.nodes}.`;
};

export const matrixHasSense: Rule = function* ({ result }) {
  const hasSense = result.latencyMatrix.every((row, from) =>
    row.every((value, to) => (from === to ? value === 0 : value >= 0 || value === UNREACHABLE)),
  );
  if (hasSense) return;
  yield 'The latency matrix must be 0 on its diagonal, and a latency or -1 everywhere else.';
};

/** Only a node that was healthy measures its way to the others. */
export const rowsAreOfHealthyNodes: Rule = function* ({ result, nodes }) {
  for (const [from, { nodeId, report }] of nodes.entries()) {
    const row = result.latencyMatrix[from] ?? [];
    const hasMeasured = row.some((value, to) => to !== from && value !== UNREACHABLE);
    const wasHealthy = report.phases.some(
      ({ name, status }) => name === 'healthy' && status === 'ok',
    );
    if (hasMeasured && !wasHealthy) yield `${nodeId} measured latencies, but was never healthy.`;
  }
};

/** No packet is faster than the plan's links. */
export const latenciesArePossible: Rule = function* ({ result, planned }) {
  if (planned === undefined) return;
  const least = leastDelays(planned);
  for (const [from, row] of result.latencyMatrix.entries()) {
    const tooFast = row.findIndex(
      (value, to) =>
        to !== from &&
        value !== UNREACHABLE &&
        value < (least[from]?.[to] ?? Infinity) - ROUNDING_MS,
    );
    if (tooFast >= 0) {
      yield `The latency from n${from} to n${tooFast}, ${row[tooFast] ?? 0} ms, is shorter than the plan's links can give.`;
    }
  }
};

/** Real time passes: not every way can have taken none. */
export const realTimePasses: Rule = function* ({ result, plan }) {
  if (plan.world === 'virtual') return;
  const measured = result.latencyMatrix.flatMap((row, from) =>
    row.filter((value, to) => to !== from && value !== UNREACHABLE),
  );
  if (measured.length > 0 && measured.every((value) => value === 0)) {
    yield 'Every latency is 0 ms, which no real link has.';
  }
};

/**
 * Nine probes at least, and two seconds of patience: of links as good as these, and over one of them, hardly one pair in ten
 * million stays silent, let alone all.
 */
const SURELY_HEARD = { loss: 0.1, delayMs: 750 };

/** Links that are so good, and stay so, that some nodes which just passed hear each other. */
function isSurelyHeard({ evidence, planned, nodes }: Claims): boolean {
  if (planned === undefined || evidence.environment.degraded) return false;
  const { table, schedule, variantsOf } = planned;
  // What is to heal may not have, when the run came to its deadline before.
  const staysUp = schedule.every(({ do: effect }) => !('partition' in effect));
  const isGood = (from: number, to: number) => {
    const link = variantsOf(from, to);
    return (
      link !== undefined &&
      !link.mayBeDown &&
      link.mostLoss <= SURELY_HEARD.loss &&
      link.delay.most <= SURELY_HEARD.delayMs
    );
  };
  return (
    staysUp && nodes.every((_, from) => table.neighboursOf(from).every((to) => isGood(from, to)))
  );
}

export const passingNodesHearEachOther: Rule = function* (claims) {
  const { result } = claims;
  if (!isPass(claims) || !held(claims, 'converged')) return;
  const isSilent = result.latencyMatrix.every((row, from) =>
    row.every((value, to) => to === from || value === UNREACHABLE),
  );
  if (isSilent && isSurelyHeard(claims)) {
    yield 'Every node is healthy and the links are good, but no node hears another.';
  }
};
