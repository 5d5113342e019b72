import { one, CHAOS, VIRTUAL, E, recovery, fault, allTo, type FalseStatement } from './edit.ts';
import { pop } from '../jsonEdit.ts';

export const FAULTS_AND_RECOVERY: readonly FalseStatement[] = [
  one(
    CHAOS,
    'a kill that crashed nothing',
    /it crashed 0 times/,
    fault(2, 'do', { kill: 'n1', restartAfterMs: 10 }),
  ),
  one(CHAOS, 'more crashes than kills', /kills it 1 times/, recovery(3, 'crashes', 2)),
  one(CHAOS, 'a crash without a kill', /kills it 0 times/, recovery(0, 'crashes', 1)),
  one(CHAOS, 'a fault on a node that is not there', /names n7/, fault(0, 'do.kill', 'n7')),
  one(
    CHAOS,
    'a fault that waits for itself',
    /does not come before/,
    fault(1, 'when.afterFault', 1),
  ),
  one(
    CHAOS,
    'a partition with a node on both sides',
    /both sides/,
    fault(1, 'do.partition.from', ['n0', 'n1']),
  ),
  one(
    CHAOS,
    'an entry node that alters',
    /makes n0 byzantine/,
    fault(2, 'do', { byzantine: 'n0' }),
  ),
  one(CHAOS, 'a fault after the end', /cannot have fired/, fault(4, 'when.atMs', 600_000)),
  one(
    CHAOS,
    'a fault after one that is never over',
    /cannot have fired/,
    fault(2, 'when', { afterFault: 1, delayMs: 600_000 }),
  ),
  one(CHAOS, 'a kill after the last boot', /did not boot after/, fault(0, 'when', { atMs: 4000 })),
  one(CHAOS, 'a kill without a restart', /0 restarts/, fault(0, 'do', { kill: 'n3' })),
  one(
    CHAOS,
    'damage that left no trace',
    /arrived whole/,
    allTo('n1', { delivered: 120, dropped: 0, lost: 0 }),
    fault(4, 'do.degradeLink.duplicate', 0),
  ),
  one(VIRTUAL, 'refusals without a cause', /nothing in the plan alters/, recovery(1, 'refused', 3)),
  one(CHAOS, 'more refusals than packets', /refused 1000000/, recovery(1, 'refused', 1_000_000)),
  one(CHAOS, 'chunks kept over no crash', /a crash it did not have/, recovery(0, 'kept', 3)),
  one(CHAOS, 'redelivery after no crash', /a crash it did not have/, recovery(1, 'redelivered', 3)),
  one(CHAOS, 'more chunks kept than came', /holds 1000000/, recovery(3, 'kept', 1_000_000)),
  one(CHAOS, 'recovery of a node twice', /Recovery must name/, recovery(1, 'nodeId', 'n0')),
  one(CHAOS, 'recovery without a node', /Recovery must name/, pop(`${E}recovery`)),
];
