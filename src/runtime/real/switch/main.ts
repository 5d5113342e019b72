import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { runAlarmThread, type AlarmThreadData } from './alarm.ts';
import type { SwitchThreadData } from './control.ts';
import { runSwitchThread } from './switchThread.ts';

const data = workerData as AlarmThreadData | SwitchThreadData;
const port = parentPort as MessagePort;
if (data.role === 'alarm') runAlarmThread(data.shared, port);
else runSwitchThread(data, port);
