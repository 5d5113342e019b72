import { KeeperPipe } from './keeperPipe.ts';
import type { PipesCommand, PipesMessage } from './control.ts';

/** Messages that the orchestrator has not taken: above so many, agents wait; an editor may keep it busy for a while. */
const MOST_UNTAKEN = 256;

/** Holds the pipes to all keepers of a run; when the orchestrator is gone, so are they. */
const pipes = new Map<number, KeeperPipe>();
let emulatorPort: number | undefined;
let untaken = 0;
let waiting: (() => void)[] = [];

process.on('message', (command: PipesCommand) => {
  if (command.type === 'emulator') {
    emulatorPort = command.port;
    return;
  }
  if (command.type === 'open') {
    pipes.set(
      command.node,
      new KeeperPipe({ open: command, post, untilRoom, emulatorPort: () => emulatorPort }),
    );
    return;
  }
  const pipe = pipes.get(command.node);
  if (command.type === 'tell') pipe?.tell(command.command);
  else if (command.type === 'upload') pipe?.upload(command.digest, command.file);
  else if (command.type === 'forward') pipe?.forward(command);
  else if (command.type === 'measure') pipe?.measure();
  else if (command.type === 'say') pipe?.say(command.life, command.line);
  else pipe?.close();
});
process.once('disconnect', () => process.exit());

function post(message: PipesMessage): void {
  untaken += 1;
  // To an orchestrator that is just gone, nothing can be said.
  process.send?.(message, () => {
    untaken -= 1;
    if (untaken > MOST_UNTAKEN) return;
    const resume = waiting;
    waiting = [];
    for (const one of resume) one();
  });
}

function untilRoom(): Promise<void> | undefined {
  if (untaken <= MOST_UNTAKEN) return undefined;
  return new Promise((resolve) => waiting.push(resolve));
}
