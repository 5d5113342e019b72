import { parentPort, workerData } from 'node:worker_threads';
import { runAlarmThread, type AlarmThreadData } from './alarm.ts';
import type { SwitchThreadData } from './control.ts';

const data = workerData as AlarmThreadData | SwitchThreadData;
const port = parentPort;
if (port === null) throw new Error('The emulator runs in a worker thread.');
if (data.role === 'alarm') {
  runAlarmThread(data.shared, port);
} else {
  // The alarm needs none of it, and starts while ten agents compete for the same cores.
  void import('./switchThread.ts').then(({ runSwitchThread }) => {
    runSwitchThread(data, port);
  });
}
