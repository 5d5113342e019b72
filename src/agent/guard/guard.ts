import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { IrregularFile, readRegularSync } from '../../base/regularFile.ts';
import { plainHost } from '../../model/hostPattern.ts';
import type { CallLog } from './callLog.ts';
import {
  attemptsFile,
  guardedEnv,
  serviceOfAttempts,
  type Attempt,
  type GuardOrders,
} from './orders.ts';

/** How soon an attempt becomes an event. */
const POLL_MS = 200;
/** A service that tries ever other hosts is told of no more often. */
const MAX_TOLD = 100;

const attemptSchema = z.object({ host: z.string(), port: z.optional(z.number()) });

export interface GuardOptions {
  /** Host patterns that no service may reach. */
  readonly deny: readonly string[];
  /** The bundled hook, loaded by every Node.js process of a service. */
  readonly hook: string;
  /** A folder of this node. */
  readonly folder: string;
  /** Each service, host and port once. `service`: undefined when it is not known. */
  readonly onDenied: (service: string | undefined, attempt: Attempt) => void;
  /** Left out: no calls between services are measured. */
  readonly calls?: CallLog | undefined;
}

/** Where services find what they are to read and to write. */
interface Inside {
  /** The bundled hook, as a file of the host that can be seen inside. */
  readonly hook: string;
  readonly pathInside: (file: string) => string;
}

/** Keeps the services of one node away from production, tells when one of them tried, and has their calls measured. */
export class Guard {
  readonly #options: GuardOptions;
  readonly #told = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  #inside: Inside;
  #mesh: string | undefined;

  constructor(options: GuardOptions) {
    this.#options = options;
    this.#inside = { hook: options.hook, pathInside: (file) => file };
    mkdirSync(options.folder, { recursive: true });
    this.#timer = setInterval(() => this.read(), POLL_MS);
  }

  /** From now on, services run where paths are others. */
  moveInto(inside: Inside): void {
    this.#inside = inside;
  }

  /** From now on, addresses of this block lead to nodes of the mesh. */
  openMesh(block: string): void {
    this.#mesh = block;
  }

  /** The environment of a service's process: what was given, with the hook and its orders added. */
  env(service: string, env: Readonly<Record<string, string>>): Record<string, string> {
    const { deny, folder, calls } = this.#options;
    const { hook, pathInside } = this.#inside;
    const callOrders = calls?.ordersFor(service);
    const orders: GuardOrders = {
      deny,
      mesh: this.#mesh,
      log: pathInside(attemptsFile(folder, service)),
      calls: callOrders && { ...callOrders, log: pathInside(callOrders.log) },
    };
    return guardedEnv({ ...env }, pathInside(hook), JSON.stringify(orders));
  }

  /** The services have ended: tells what is left to tell. */
  stop(): void {
    clearInterval(this.#timer);
    this.read();
  }

  /** Tells what was tried or called and not told yet. */
  read(): void {
    const { folder, calls } = this.#options;
    calls?.read();
    for (const name of readdirSync(folder)) {
      const lines = textOf(path.join(folder, name)).split('\n');
      // What follows the last line end is still being written.
      for (const line of lines.slice(0, -1)) this.#readLine(serviceOfAttempts(name), line);
    }
  }

  /** Somebody has tried. */
  denied(service: string | undefined, attempt: Attempt): void {
    const { host, port } = attempt;
    const key = JSON.stringify([service, plainHost(host), port]);
    if (this.#told.has(key) || this.#told.size >= MAX_TOLD) return;
    this.#told.add(key);
    this.#options.onDenied(service, attempt);
  }

  #readLine(service: string, line: string): void {
    const attempt = attemptSchema.safeParse(parsed(line));
    if (attempt.success) this.denied(service, attempt.data);
  }
}

/** The file is the service's to write: where it put something else, there is nothing to read. */
function textOf(file: string): string {
  try {
    return readRegularSync(file).toString('utf8');
  } catch (error) {
    if (error instanceof IrregularFile) return '';
    throw error;
  }
}

/** It may hold anything. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
