import { AGENT_STREAM } from '../../src/wire/keeper.ts';
import { Mux } from '../../src/wire/mux/mux.ts';
import { muxFrame } from '../../src/wire/mux/muxFrame.ts';

/** In the place of a keeper: answers pings, takes no file, and when it is to start an agent says what nobody asked for as fast as it is taken. */
const mux = new Mux({
  input: process.stdin,
  output: process.stdout,
  isOpener: false,
  onMessage: (message) => {
    const {
      order,
      number,
      life = 0,
    } = message as Partial<Record<'number' | 'life', number>> & {
      order?: string;
    };
    if (order === 'ping') mux.send({ type: 'pong', number, at: performance.now() });
    if (order !== 'start') return;
    const said = SAID[life];
    if (said === undefined) flood();
    else repeat(said);
  },
  // Nobody reads it.
  onStream: () => undefined,
  onClosed: () => process.exit(),
});

/** By the life that it is to start; of none of these it says lines in the name of an agent. */
const SAID: Readonly<Record<number, readonly object[]>> = {
  1: [{ message: { type: 'words', life: 1, bytes: 'AAAA' } }],
  2: [{ message: { type: 'pong', number: 0, at: 0 } }],
  3: [
    { mux: 'open', channel: 2, tag: 'door' },
    { mux: 'reset', channel: 2 },
  ],
  4: [{ mux: 'end', channel: 4 }],
  5: [{ mux: 'credit', channel: 4, bytes: 1 }],
  6: [{ message: { type: 'words', life: 6, bytes: 'A'.repeat(1_000_000) } }],
};

function flood(): void {
  const agent = mux.open(`${AGENT_STREAM}0`);
  const say = () => {
    while (agent.write(`${'x'.repeat(1_000)}\n`));
  };
  agent.on('drain', say);
  say();
}

/** By itself, as long as it lives. */
function repeat(messages: readonly object[]): void {
  const frames = messages.map((message) => muxFrame(0, Buffer.from(JSON.stringify(message))));
  const bytes = Buffer.concat(Array.from({ length: 100 }, () => Buffer.concat(frames)));
  const say = () => {
    while (process.stdout.write(bytes));
  };
  process.stdout.on('drain', say);
  say();
}
