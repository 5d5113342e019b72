import { readSync, rmSync } from 'node:fs';
import * as z from 'zod/mini';
import { openRegularSync } from '../../base/regularFile.ts';
import type { CalledPlace } from './calledPlaces.ts';
import type { CallOrders, CallsLine } from './orders.ts';

/** Read at once: many times what a node's services write between two polls. */
const MAX_BYTES = 65_536;
const LINE_END = 0x0a;

const lineSchema: z.ZodMiniType<CallsLine> = z.strictObject({
  place: z.int(),
  calls: z.array(
    z.strictObject({ at: z.number(), ms: z.number().check(z.nonnegative()), ok: z.boolean() }),
  ),
  dropped: z.int().check(z.minimum(0)),
});

export interface CallLogOptions {
  /** As they are when it is asked: where services listen is known once it is known where they run. */
  readonly called: () => readonly CalledPlace[];
  /** A file of this node; what a former life of the node left in it is not news. */
  readonly file: string;
  readonly onCalls: (place: CalledPlace, line: CallsLine) => void;
}

/** What the services of one node say about their calls to others. */
export class CallLog {
  readonly #options: CallLogOptions;
  /** Open until the agent ends: a service that removes the file harms its own figures alone. */
  readonly #handle: number;
  readonly #bytes = Buffer.alloc(MAX_BYTES);
  #position = 0;

  constructor(options: CallLogOptions) {
    this.#options = options;
    rmSync(options.file, { force: true });
    this.#handle = openRegularSync(options.file, 'wx+');
  }

  /** What the processes of `service` are to measure: all but calls to itself; undefined: nothing. */
  ordersFor(service: string): CallOrders | undefined {
    const { called, file } = this.#options;
    const places = called().flatMap(({ service: name, id, hosts, port }) =>
      name === service ? [] : [{ id, hosts, port }],
    );
    return places.length === 0 ? undefined : { log: file, places };
  }

  /** Tells what was written since the last time. */
  read(): void {
    const length = readSync(this.#handle, this.#bytes, 0, MAX_BYTES, this.#position);
    const end = this.#bytes.subarray(0, length).lastIndexOf(LINE_END) + 1;
    // What follows the last line end is still being written, unless it is no line of ours.
    this.#position += end === 0 && length === MAX_BYTES ? length : end;
    for (const line of this.#bytes.toString('utf8', 0, end).split('\n').slice(0, -1)) {
      this.#tell(line);
    }
  }

  #tell(text: string): void {
    const line = lineSchema.safeParse(parsed(text));
    if (!line.success) return;
    const place = this.#options.called().find(({ id }) => id === line.data.place);
    if (place !== undefined) this.#options.onCalls(place, line.data);
  }
}

/** The file is the services' to write: it may hold anything. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
