import { text } from 'node:stream/consumers';
import { runReal } from '../../src/runtime/real/run.ts';
import { realRunOptions } from './realRun.ts';
import type { TinyProduct } from './tinyProduct.ts';

/** An orchestrator in a process of its own, to be killed: reads a product on stdin, says `healthy` at the first service. */
const product = JSON.parse(await text(process.stdin)) as TinyProduct;
const bytes = Uint8Array.from(Object.values(product.capsule.bytes));
await runReal(
  realRunOptions(
    { ...product, capsule: { ...product.capsule, bytes } },
    {},
    {
      // So that all there is to a run is there to be left behind.
      guard: { deny: ['*.prod.example'], namespace: 'auto', ports: [] },
      sink: (event) => {
        if (event.type === 'service' && event.status === 'healthy') console.log('healthy');
      },
    },
  ),
);
