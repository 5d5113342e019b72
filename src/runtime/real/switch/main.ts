import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../../base/errors.ts';
import { machineFault } from '../../../base/machineFault.ts';
import { runAlarmThread, type AlarmThreadData } from './alarm.ts';
import type { SwitchCommand, SwitchData, SwitchMessage } from './control.ts';

if (isMainThread) listen();
else if (parentPort !== null) runAlarmThread((workerData as AlarmThreadData).shared, parentPort);

/** What is said by the orchestrator, in its order; when that is gone, so is the run. */
function listen(): void {
  // The alarm needs none of it, and starts while ten agents compete for the same cores.
  const loaded = import('./runSwitch.ts');
  let obey: (command: SwitchCommand) => void = () => undefined;
  process.on('message', (message: SwitchData | SwitchCommand) => {
    void loaded.then(({ runSwitch }) => {
      if (message.type === 'begin') obey = runSwitch(message, post);
      else obey(message);
    });
  });
  process.once('disconnect', () => process.exit());
  process.on('uncaughtException', (error) => {
    const fault = machineFault(error);
    if (fault !== undefined) post({ type: 'broken', code: fault.code, sentence: fault.message });
    else process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 1;
    process.disconnect();
  });
}

function post(message: SwitchMessage): void {
  // To an orchestrator that is just gone, nothing can be said.
  process.send?.(message, () => undefined);
}
