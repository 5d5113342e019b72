import { metricAmount, metricBound } from '../model/metricAmount.ts';
import { UPGRADE_WINDOWS, type UpgradeReport, type WaveReport } from '../model/upgradeReport.ts';
import { seconds } from './liveView.ts';

/** Of a larger wave, nodes are counted. */
const NAMED_NODES = 10;

/** "n0, n3", or "25 nodes". */
export function someNodes(nodes: readonly string[]): string {
  return nodes.length > NAMED_NODES ? `${nodes.length} nodes` : nodes.join(', ');
}

function waveLine({ index, to, nodes, startMs, switchedMs, endMs, outcome }: WaveReport): string {
  const who = someNodes(nodes);
  const until = endMs === null ? 'never ended' : `${seconds(startMs)}–${seconds(endMs)} s`;
  const switched = switchedMs === undefined ? '' : `, names switched at ${seconds(switchedMs)} s`;
  const how = `${switched}${outcome === 'failed' ? ', failed' : ''}`;
  return `  wave ${String(index).padEnd(3)} ${to === 'new' ? '→ new' : '← old'}  ${who}  ${until}${how}`;
}

function checkLines({ checks, workload }: UpgradeReport): string[] {
  const passed = UPGRADE_WINDOWS.flatMap((window) => {
    const count = checks.filter((check) => check.window === window && check.outcome === 'passed');
    return count.length === 0 ? [] : [`${count.length} ${window}`];
  });
  const failed = checks.filter(({ outcome }) => outcome !== 'passed');
  const lines = failed.map(({ name, nodeId, window, outcome, details = '' }) => {
    return `  check    "${name}" on ${nodeId}, ${window}: ${outcome}: ${details}`;
  });
  return [
    ...(passed.length === 0 ? [] : [`  checks   passed: ${passed.join(', ')}`]),
    ...lines,
    ...(workload === undefined
      ? []
      : [`  load     on ${workload.nodeId}: ${workload.details ?? 'ran until it was stopped'}`]),
  ];
}

/** Objectives as they were measured before the last window: those of that are the run's own. */
function windowLines({ indicators, comparisons }: UpgradeReport): string[] {
  return indicators.map((indicator) => {
    const { window, name, metric, value, passed } = indicator;
    const compared = window === 'mixed' && comparisons.find((one) => one.name === name);
    const against = compared ? `. ${compared.sentence}` : '';
    const how = `${metricAmount(metric, value)}, promised ${metricBound(indicator)}${against}`;
    return `  ${passed ? '✔' : '✖'} ${window.padEnd(11)}  ${name}  ${how}`;
  });
}

/** What an upgrade came to, wave by wave; no line of a run without one. */
export function upgradeLines(upgrade: UpgradeReport | undefined): string[] {
  if (upgrade === undefined) return [];
  const { outcome, from, waves, rollback, halted } = upgrade;
  return [
    `Upgrade    ${outcome}, from ${from.slice(0, 12)}`,
    ...waves.map(waveLine),
    ...(rollback.reason === undefined ? [] : [`  back     ${rollback.reason}`]),
    ...checkLines(upgrade),
    ...windowLines(upgrade),
    ...halted.map(({ details }) => `  kept     ${details}`),
  ];
}
