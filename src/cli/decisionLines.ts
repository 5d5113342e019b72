import { OTHER_NODES } from '../model/hostPlacement.ts';
import { reasonsOf, type RuleResult } from '../model/deploy.ts';
import type { GateAnswer } from '../studio/deploy/gate.ts';
import type { Paint } from './paint.ts';

const NAME_WIDTH = 19;

/** What the gate said, rule by rule; and when it refused, the command that runs the rehearsal it asks for. */
export function decisionLines({ decision, needs }: GateAnswer, paint: Paint): string[] {
  const { environment, capsuleHash, rules, breakGlass } = decision;
  const title = `${capsuleHash.slice(0, 12)} to ${environment}`;
  if (decision.decision === 'deny') {
    return [
      `${paint(['bold', 'red'], '✖ REFUSED')}  ${title}`,
      ...rules.flatMap((rule) => ruleLine(rule, paint)),
      `${reasonsOf(decision).length} of ${rules.length} rules do not hold.`,
      ...rehearsal(needs, paint),
    ];
  }
  if (breakGlass === undefined) {
    return [
      `${paint(['bold', 'green'], '✔ ALLOWED')}  ${title}`,
      ...rules.flatMap((rule) => ruleLine(rule, paint)),
    ];
  }
  return [
    paint(
      ['bold', 'white', 'bgRed'],
      ` GLASS BROKEN  ${title} is allowed without a rehearsal that meets its gate `,
    ),
    `Reason given: ${breakGlass.reason}`,
    `Overridden:   ${breakGlass.overridden.join(', ')}`,
    ...rules.flatMap((rule) => ruleLine(rule, paint)),
  ];
}

function ruleLine({ rule, status, sentence }: RuleResult, paint: Paint): string[] {
  if (status === 'skipped') return [];
  const mark = status === 'ok' ? paint('green', '✔') : paint('red', '✖');
  const text = status === 'ok' ? paint('dim', sentence) : sentence;
  return [`  ${mark} ${rule.padEnd(NAME_WIDTH)} ${text}`];
}

function rehearsal(needs: GateAnswer['needs'], paint: Paint): string[] {
  if (needs === undefined) return [];
  const { nodes, latencyMs, packetLoss } = needs.params;
  const { preset } = needs.chaos;
  const { hosts, upgrade, deadlineMs } = needs;
  const flags = [
    `--capsule ${needs.capsuleHash.slice(0, 12)}`,
    `--nodes ${nodes}`,
    `--latency ${latencyMs.join('-')}`,
    `--loss ${packetLoss}`,
    ...(preset === 'none' ? [] : [`--chaos ${preset}`]),
    ...(upgrade === undefined
      ? []
      : [`--from ${upgrade.from.slice(0, 12)}`, `--rollback ${upgrade.rollback}`]),
    ...hostFlagsOf(hosts),
    ...(deadlineMs === undefined ? [] : [`--deadline ${deadlineMs / 1000}s`]),
  ];
  return [
    '',
    'The rehearsal this gate asks for:',
    `  ${paint('bold', `mesh-sim ${flags.join(' ')}`)}`,
  ];
}

function hostFlagsOf(hosts: NonNullable<GateAnswer['needs']>['hosts'] = {}): string[] {
  return Object.entries(hosts).map(([node, named]) =>
    node === OTHER_NODES
      ? `--spread ${[named].flat().join(',')}`
      : `--on ${node}=${[named].flat().join(',')}`,
  );
}
