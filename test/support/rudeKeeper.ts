import { AGENT_STREAM } from '../../src/wire/keeper.ts';
import { Mux } from '../../src/wire/mux/mux.ts';

/** In the place of a keeper: answers pings, takes no file, and says lines in the name of an agent as fast as they are taken. */
const mux = new Mux({
  input: process.stdin,
  output: process.stdout,
  isOpener: false,
  onMessage: (message) => {
    const { order, number } = message as { order?: string; number?: number };
    if (order === 'ping') mux.send({ type: 'pong', number, at: performance.now() });
    if (order === 'start') flood();
  },
  // Nobody reads it.
  onStream: () => undefined,
  onClosed: () => process.exit(),
});

function flood(): void {
  const agent = mux.open(`${AGENT_STREAM}0`);
  const say = () => {
    while (agent.write(`${'x'.repeat(1_000)}\n`));
  };
  agent.on('drain', say);
  say();
}
