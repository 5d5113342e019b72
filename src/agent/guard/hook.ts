import { syncBuiltinESMExports } from 'node:module';
import { meterCalls } from './callMeter.ts';
import { guardHandles } from './handles.ts';
import { guardLookUps } from './lookUps.ts';
import { guardOffspring } from './offspring.ts';
import { orders } from './refusal.ts';
import { guardSockets } from './sockets.ts';

/**
 * Loaded into Node.js services by `--require`: refuses to connect to, or to look up, hosts that must not be reached from
 * a simulation, and measures calls where it is told to. It guards against mistakes; code that wants to get around it
 * inside its own process can.
 */
if (orders.calls !== undefined) meterCalls(orders.calls);
if (orders.deny.length > 0) {
  guardSockets();
  guardLookUps();
  guardHandles();
}
guardOffspring();
// `import { lookup } from 'node:dns'` sees the new functions too.
syncBuiltinESMExports();
