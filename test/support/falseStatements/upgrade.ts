import { EVIDENCE_SCHEMA, type EvidenceStatement } from '../../../src/model/evidence.ts';
import { set, type JsonEdit } from '../jsonEdit.ts';
import { at, drop, E, one, plan, UPGRADE, type FalseStatement } from './edit.ts';

const U = `${E}upgrade.`;
export const wave = (index: number, field: string, value: unknown) =>
  set(`${U}waves.${index}.${field}`, value);
const window = (index: number, field: string, value: unknown) =>
  set(`${U}windows.${index}.${field}`, value);
export const without = (list: string, from: number, count = 1): JsonEdit => {
  return (root) => drop(root, `${U}${list}`, from, count);
};

/** An invariant by its name. */
export function judged(name: string, observed: string): JsonEdit {
  return (root) => {
    const { invariants } = (root as EvidenceStatement).predicate.meshsim_evidence;
    Object.assign(invariants.find((invariant) => invariant.name === name) ?? {}, { observed });
  };
}

const of = (name: string, says: RegExp, ...edits: JsonEdit[]) => {
  return one(UPGRADE, name, says, ...edits);
};

/** Three nodes: n1 and n2 there, back, and there again, then n0; waves 0 to 3, windows 0 to 4. */
export const UPGRADES: readonly FalseStatement[] = [
  of(
    'a node that failed at rest and was moved',
    /no wave failed with it/,
    set(`${at(1, 4)}.status`, 'error'),
    set(`${at(1, 4)}.details`, 'It broke.'),
  ),
  of('an upgrade that began too soon', /was not healthy yet/, window(0, 'startMs', 100)),
  of(
    'another Capsule before than the plan names',
    /another Capsule that ran before/,
    plan('upgrade.from', '6'.repeat(64)),
  ),
  of(
    'another strategy than the plan',
    /strategy or rollback/,
    set(`${U}strategy`, { kind: 'blue-green' }),
  ),
  of(
    'another rollback than the plan',
    /strategy or rollback/,
    set(`${U}rollback.planned`, 'after-all'),
  ),
  of(
    'an order that no seed draws',
    /order of its upgrade/,
    set(`${U}order.0.waves`, [['n0', 'n1']]),
  ),
  of(
    'an order that leaves out a node',
    /order of its upgrade/,
    set(`${U}order.2.waves`, [['n1', 'n2']]),
  ),
  of('the order of another plan', /order of its upgrade/, plan('upgrade.order', 'listed')),
  of(
    'an upgrade in evidence of the schema before',
    /of this schema says nothing/,
    set(`${E}schema`, EVIDENCE_SCHEMA),
    set(`${E}upgrade`, undefined),
  ),
  of('an upgrade that no plan asked for', /its plan has none/, plan('upgrade', undefined)),
  of('a way back without a reason', /does not say why/, set(`${U}rollback.reason`, undefined)),
  of(
    'a way back for another reason',
    /another reason/,
    set(`${U}rollback.reason`, 'The plan goes back after 2 of 2 waves.'),
  ),
  of('a wave of other nodes', /Wave 1 moves n0, n1/, wave(0, 'nodes', ['n0', 'n1'])),
  of('a wave in another order', /Wave 1 moves n2, n1/, wave(0, 'nodes', ['n2', 'n1'])),
  of('a wave that leaves out a node', /Wave 1 moves n1 /, wave(0, 'nodes', ['n1'])),
  of('a wave to the other Capsule', /Wave 2 moves n1, n2 to the new/, wave(1, 'to', 'new')),
  of('a wave of another leg', /Wave 2 moves/, wave(1, 'leg', 0)),
  of('a wave left out', /Wave 3 moves|not counted/, without('waves', 1)),
  of('a wave after one that failed', /Wave 2 moves/, wave(0, 'outcome', 'failed')),
  of('waves that are not counted', /not counted from 1/, wave(1, 'index', 3)),
  of('a wave that begins too soon', /before the one before it has ended/, wave(1, 'startMs', 900)),
  of('a wave that ends before it begins', /ends before it begins/, wave(0, 'endMs', 600)),
  of('a wave that ends after the run', /or after the run/, wave(3, 'endMs', 90_000)),
  of(
    'an open wave that others followed',
    /has no end, and others followed/,
    wave(1, 'endMs', null),
    wave(1, 'outcome', 'unfinished'),
  ),
  of('a wave without an end that ended well', /has no end/, wave(3, 'endMs', null)),
  of(
    'nodes that served too short before',
    /as long as its plan says/,
    plan('upgrade.workloadMs', 1000),
  ),
  of(
    'nodes that rested too short between waves',
    /After wave 3 the mesh/,
    plan('upgrade.strategy.pauseMs', 400),
    set(`${U}strategy.pauseMs`, 400),
  ),
  of('no windows', /names no window/, set(`${U}windows`, [])),
  of('no window "before"', /must begin with the window "before"/, without('windows', 0)),
  of(
    'no window "rolled-back"',
    /lacks the window "rolled-back"/,
    without('windows', 2),
    window(1, 'endMs', 2070.882),
  ),
  of(
    'no window "after"',
    /lacks the window "after"/,
    without('windows', 4),
    window(3, 'endMs', 4595.034),
  ),
  of('a window twice', /have it once|where the next one begins/, window(1, 'window', 'before')),
  of('a gap between windows', /does not end where the next one begins/, window(1, 'endMs', 1700)),
  of('windows that end before the run', /or with the run/, window(4, 'endMs', 4000)),
  of(
    'a window that nothing led to',
    /do not lead to the window "after"/,
    window(2, 'window', 'after'),
  ),
  of(
    'a window "mixed" that begins late',
    /begins without a wave|not in a window "mixed"/,
    window(0, 'endMs', 700),
    window(1, 'startMs', 700),
  ),
  of(
    'a window "mixed" that begins early',
    /begins without a wave/,
    window(0, 'endMs', 500),
    window(1, 'startMs', 500),
  ),
  of(
    'a window that begins within a wave',
    /begins within wave 2/,
    window(1, 'endMs', 1700),
    window(2, 'startMs', 1700),
  ),
  of(
    'a node that stopped outside its waves',
    /when no wave moved it/,
    set(`${at(0, 5)}.start`, '2026-01-01T00:00:01.900Z'),
  ),
  of('a node that was not moved in its wave', /did not stop what it ran/, (root) =>
    drop(root, at(0, 5).replace(/\.5$/, ''), 5, 4),
  ),
  of(
    'a node that was moved and not healthy again',
    /did not become healthy/,
    (root) => drop(root, at(0, 5).replace(/\.5$/, ''), 6, 3),
    set(`${at(0, 5)}.end`, '2026-01-01T00:00:03.003Z'),
  ),
  of(
    'a node that was moved although it was offered other commits',
    /is said to have been moved/,
    plan('drift', [{ node: 'n1', service: 'orders', commit: '9c0abe5' }]),
  ),
  of(
    'a node that halted without a cause',
    /was offered the signed commits/,
    set(`${U}halted`, [{ nodeId: 'n1', details: 'It halted.' }]),
  ),
  of(
    'a node that halted twice',
    /says twice/,
    set(`${U}halted`, [
      { nodeId: 'n1', details: 'It halted.' },
      { nodeId: 'n1', details: 'It halted.' },
    ]),
  ),
  of(
    'a stranger that halted',
    /no node of its run/,
    set(`${U}halted`, [{ nodeId: 'n9', details: 'It halted.' }]),
  ),
  of(
    'an upgrade that was not finished and passed',
    /claims a pass/,
    set(`${U}outcome`, 'unfinished'),
  ),
  of('an upgrade that is called incomplete', /no node halted/, set(`${U}outcome`, 'incomplete')),
  of('an upgrade that is called rolled back', /no wave failed/, set(`${U}outcome`, 'rolled-back')),
  of(
    'an upgrade that is completed without its last wave',
    /was last moved back, or not at all/,
    without('waves', 3),
    without('windows', 4),
    window(3, 'endMs', 4595.034),
  ),
  of(
    'a completed upgrade with a wave that failed',
    /a wave failed or was not finished/,
    wave(3, 'outcome', 'failed'),
  ),
  of(
    'signed content on nodes of an upgrade that was stopped',
    /ran what it should at the end/,
    set(`${U}outcome`, 'stopped'),
  ),
  of(
    'a way back that nobody observed',
    /"way-back" was not observed/,
    judged('way-back', 'not-observed'),
  ),
  of('a way back that held and did not end', /the way back held/, wave(1, 'outcome', 'failed')),
  of(
    'checks that were run in virtual time',
    /"checks-held", but no service runs/,
    judged('checks-held', 'held'),
  ),
  of(
    'services that were asked in virtual time',
    /"served-throughout", but no service/,
    judged('served-throughout', 'held'),
  ),
  of(
    'versions that nobody verified',
    /"every-version-verified" was not observed/,
    judged('every-version-verified', 'not-observed'),
  ),
  of('an invariant of upgrades left out', /each of these invariants once/, (root) =>
    drop(root, `${E}invariants`, 7),
  ),
  of(
    'a fault that fired before its wave',
    /before what its plan lets it wait for/,
    plan('chaos.faults', [{ when: { wave: 3 }, do: { slow: 'n1', factor: 2 } }]),
    set(`${E}faults`, [
      { fault: 0, effect: 'slow', firedAt: '2026-01-01T00:00:02.000Z', endedAt: null, impaired: 0 },
    ]),
  ),
  of(
    'a fault that waited for a migration of a node that did not migrate yet',
    /before what its plan lets it wait for/,
    plan('chaos.faults', [
      { when: { migrates: 'n1', since: 'begun', delayMs: 0 }, do: { slow: 'n1', factor: 2 } },
    ]),
    set(`${E}faults`, [
      { fault: 0, effect: 'slow', firedAt: '2026-01-01T00:00:00.100Z', endedAt: null, impaired: 0 },
    ]),
  ),
  of(
    'a kill amid a migration that ended well',
    /killed n1 while that migrated, but by its phases it did not/,
    plan('chaos.faults', [
      { when: { migrates: 'n1', since: 'changed', delayMs: 0 }, do: { kill: 'n1' } },
    ]),
    set(`${E}faults`, [
      {
        ...{ fault: 0, effect: 'kill', firedAt: '2026-01-01T00:00:04.000Z', endedAt: null },
        ...{ held: 0, booted: false },
      },
    ]),
  ),
  of(
    'names that switched in a strategy without',
    /which its strategy does not do/,
    wave(0, 'switchedMs', 700),
  ),
];
