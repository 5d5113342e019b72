import type { Params, Plan } from '../../model/plan.ts';
import type { Candidate } from './candidate.ts';

function withParams(plan: Plan, what: string, params: Partial<Params>): Candidate {
  return { what, plan: { ...plan, params: { ...plan.params, ...params } } };
}

function msWords([min, max]: readonly [number, number]): string {
  return min === max ? `latency ${min} ms` : `latency ${min}–${max} ms`;
}

/** None, then half of it in whole ms. */
export function lessLatency(plan: Plan): Candidate[] {
  const [min, max] = plan.params.latencyMs;
  const half: [number, number] = [Math.floor(min / 2), Math.floor(max / 2)];
  const smaller: [number, number][] = max === 0 ? [] : half[1] === 0 ? [[0, 0]] : [[0, 0], half];
  return smaller.map((latencyMs) => withParams(plan, msWords(latencyMs), { latencyMs }));
}

/** Without any last mile, then without each of them. */
export function fewerLastMiles(plan: Plan): Candidate[] {
  const { access = {}, ...bare } = plan;
  const nodes = Object.keys(access);
  if (nodes.length === 0) return [];
  const without = nodes.map((node) => ({
    what: `without the access link of ${node}`,
    plan: {
      ...plan,
      access: Object.fromEntries(Object.entries(access).filter(([other]) => other !== node)),
    },
  }));
  return [{ what: 'without access links', plan: bare }, ...(nodes.length === 1 ? [] : without)];
}

/** None, then half of it in whole percent. */
export function lessLoss(plan: Plan): Candidate[] {
  const { packetLoss } = plan.params;
  const half = Math.floor(packetLoss / 2);
  const smaller = packetLoss === 0 ? [] : half === 0 ? [0] : [0, half];
  return smaller.map((loss) => withParams(plan, `loss ${loss} %`, { packetLoss: loss }));
}
