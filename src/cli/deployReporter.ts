import { MeshSimError } from '../base/errors.ts';
import type { DeployRecord, DeployStep } from '../model/deploy.ts';
import type { DeployListener, RecordedRollout } from '../studio/deploy/deployRollout.ts';
import { paintOf, printJson, printLine, type CommandContext } from './commandContext.ts';

/** Aborted when the user interrupts; its reason is signed as the cause, so it says what that means for a deploy. */
export function deploySignal({ signal }: CommandContext): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    controller.abort(
      new MeshSimError('interrupted', 'Interrupted; what was active before stays active.'),
    );
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return controller.signal;
}

/** Shows a deploy step by step: as lines, or as one JSON object per line. */
export function deployReporter(context: CommandContext, isJson: boolean): DeployListener {
  const paint = paintOf(context);
  return {
    onStart: (step) => {
      if (isJson) printJson(context, { type: 'step', step, status: 'started' });
    },
    onStep: (step: DeployStep) => {
      if (isJson) printJson(context, { type: 'step', ...step });
      else {
        const mark = step.status === 'ok' ? paint('green', '✔') : paint('red', '✖');
        printLine(context, `  ${mark} ${step.step.padEnd(12)} ${step.sentence}`);
      }
    },
    onLine: (line) => {
      if (isJson) printJson(context, { type: 'log', line });
      else printLine(context, paint('dim', `    ${line}`));
    },
  };
}

export function outcomeLine({ record, ledgerIndex }: RecordedRollout): string {
  const { capsuleHash, environment } = record;
  const tail = `ledger entry ${ledgerIndex}`;
  const short = capsuleHash.slice(0, 12);
  const now =
    record.active === undefined ? 'nothing is active' : `${record.active.slice(0, 12)} is active`;
  const sentences: Record<DeployRecord['status'], string> = {
    deployed: `DEPLOYED  ${short} is active in ${environment}, ${tail}.`,
    'rolled-back': `ROLLED BACK  ${short} is active in ${environment} again, ${tail}.`,
    failed: `FAILED  ${short} was not deployed to ${environment}: ${record.cause ?? ''} Now ${now}, ${tail}.`,
  };
  return sentences[record.status];
}
