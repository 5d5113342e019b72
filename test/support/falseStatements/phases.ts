import { one, CHAOS, FAIL, R, at, plan, recovery, drop, type FalseStatement } from './edit.ts';
import { set, repeat } from '../jsonEdit.ts';

export const PHASES_AND_SIGNATURES: readonly FalseStatement[] = [
  one(CHAOS, 'a phase nobody knows', /which is none/, set(`${at(0, 2)}.name`, 'deploy')),
  one(CHAOS, 'a phase left out', /not in the order/, (root) =>
    drop(root, `${R}nodeReports.0.phases`, 2),
  ),
  one(CHAOS, 'a phase twice', /not in the order/, repeat(`${R}nodeReports.0.phases`)),
  one(
    CHAOS,
    'a failed phase that the next follows',
    /not in the order/,
    set(`${at(0, 2)}.status`, 'error'),
  ),
  one(CHAOS, 'no phase at all', /outcome/, set(`${R}nodeReports.0.phases`, [])),
  one(
    CHAOS,
    'success with an excuse',
    /explains why it failed/,
    set(`${at(0, 1)}.details`, 'It broke.'),
  ),
  one(CHAOS, 'a life without a crash', /booted 2 times/, recovery(3, 'crashes', 0)),
  one(CHAOS, 'a crash without another life', /did not boot again/, (root) =>
    drop(root, `${R}nodeReports.3.phases`, 0, 3),
  ),
  one(
    CHAOS,
    'a healthy node that never verified',
    /outcome/,
    set(`${R}nodeReports.1.signatureVerified`, false),
  ),
  one(
    FAIL,
    'a signature verified by a node that halted',
    /did not end well/,
    set(`${R}nodeReports.1.signatureVerified`, true),
  ),
  one(
    FAIL,
    'a signature not verified by a node that did',
    /ended well/,
    set(`${R}nodeReports.0.signatureVerified`, false),
  ),
  one(
    CHAOS,
    'signatures verified where checks were off',
    /switched off/,
    plan('params.verifySignatures', false),
  ),
  one(
    FAIL,
    'drift that was verified',
    /other commits/,
    plan('drift', [{ node: 'n0', service: 'orders', commit: '9c0abe5' }]),
  ),
];
