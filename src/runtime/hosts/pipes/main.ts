import { KeeperPipe } from './keeperPipe.ts';
import type { PipesCommand, PipesMessage } from './control.ts';

/** Holds the pipes to all keepers of a run; when the orchestrator is gone, so are they. */
const pipes = new Map<number, KeeperPipe>();
let emulatorPort: number | undefined;

process.on('message', (command: PipesCommand) => {
  if (command.type === 'emulator') {
    emulatorPort = command.port;
    return;
  }
  if (command.type === 'open') {
    pipes.set(
      command.node,
      new KeeperPipe({ open: command, post, emulatorPort: () => emulatorPort }),
    );
    return;
  }
  const pipe = pipes.get(command.node);
  if (command.type === 'tell') pipe?.tell(command.command);
  else if (command.type === 'upload') pipe?.upload(command.digest, command.file);
  else if (command.type === 'say') pipe?.say(command.life, command.line);
  else pipe?.close();
});
process.once('disconnect', () => process.exit());

function post(message: PipesMessage): void {
  // To an orchestrator that is just gone, nothing can be said.
  process.send?.(message, () => undefined);
}
