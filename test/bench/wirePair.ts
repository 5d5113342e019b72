import { once } from 'node:events';
import path from 'node:path';
import { descendantsOf } from '../../src/agent/processes/processTree.ts';
import type { PlanInput } from '../../src/model/plan.ts';
import { isRelay } from '../support/relayProcess.ts';
import { WiredNodes, type RelayName, type WiredNode } from '../support/wiredNodes.ts';
import { processCpuMs } from './threadCpu.ts';

const PEER = path.join(import.meta.dirname, 'children/wirePeer.ts');

/** What it cost to carry packets. CPU in ms. */
export interface Carriage {
  readonly packets: number;
  readonly switchMs: number;
  /** Of both relays; each packet passes both. */
  readonly relaysMs: number;
}

/** Two boxes on the wire: n1 answers, n0 measures. */
export class WirePair {
  readonly #wired: WiredNodes;
  readonly #client: WiredNode;
  readonly #host: string;
  readonly #relays: readonly number[];

  private constructor(wired: WiredNodes, client: WiredNode, host: string) {
    this.#wired = wired;
    this.#client = client;
    this.#host = host;
    this.#relays = descendantsOf(process.pid).filter(isRelay);
  }

  /** @throws Error where this machine gives no wire */
  static async open(plan: Partial<PlanInput>, relay?: RelayName): Promise<WirePair> {
    const wired = await WiredNodes.open({ plan, ...(relay === undefined ? {} : { relay }) });
    if (typeof wired === 'string') throw new Error(`This machine gives no wire: ${wired}.`);
    const [client, server] = wired.nodes;
    if (client === undefined || server === undefined) throw new Error('It takes two nodes.');
    const answering = server.start(process.execPath, [PEER, 'serve']);
    if (answering.stdout !== null) await once(answering.stdout, 'data');
    return new WirePair(wired, client, server.address);
  }

  get congestionControl(): string {
    return this.#client.congestionControl;
  }

  /** See children/wirePeer: ms. */
  async measure(what: 'calls' | 'bulk' | 'pings', ...numbers: number[]): Promise<number[]> {
    const args = [PEER, what, this.#host, ...numbers.map(String)];
    return JSON.parse(await this.#client.said(process.execPath, args)) as number[];
  }

  /** Carries what `work` sends. */
  async carriage(work: () => Promise<unknown>): Promise<Carriage> {
    const before = await this.#now();
    await work();
    const after = await this.#now();
    return {
      packets: after.packets - before.packets,
      switchMs: after.switchMs - before.switchMs,
      relaysMs: after.relaysMs - before.relaysMs,
    };
  }

  async #now(): Promise<Carriage> {
    const { links } = (await this.#wired.emulator.report()).services;
    return {
      packets: links.reduce((sum, { sent }) => sum + sent, 0),
      switchMs: processCpuMs(this.#wired.emulator.pid),
      relaysMs: this.#relays.reduce((sum, pid) => sum + processCpuMs(pid), 0),
    };
  }

  close(): Promise<void> {
    return this.#wired.close();
  }
}
