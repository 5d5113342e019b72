import { parentPort, workerData } from 'node:worker_threads';
import { runAlarmThread, type AlarmThreadData } from './alarm.ts';
import type { SwitchThreadData } from './control.ts';
import { runSwitchThread } from './switchThread.ts';

const data = workerData as AlarmThreadData | SwitchThreadData;
if (parentPort === null) throw new Error('The emulator runs in a worker thread.');
if (data.role === 'alarm') runAlarmThread(data.shared, parentPort);
else runSwitchThread(data, parentPort);
