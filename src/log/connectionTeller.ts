import { CONNECTION_STATUSES, type ConnectionStatus } from '../model/connectionStatus.ts';
import type { Connections } from '../model/events.ts';
import { nodeIdOf } from '../model/nodeIds.ts';
import type { LogRow, Told } from './logRow.ts';

/** A program that tries again all the time is one problem: what goes on is a detail until it was quiet for so long. */
const QUIET_MS = 5_000;

const WORDS: Record<ConnectionStatus, string> = {
  opened: 'connected',
  closed: 'closed',
  refused: 'refused',
  reset: 'reset',
  'timed-out': 'no answer for 3 s',
};

const TOLD: Record<ConnectionStatus, Pick<Told, 'level' | 'glyph' | 'tone'>> = {
  opened: { level: 'key', glyph: 'service', tone: 'ok' },
  closed: { level: 'detail', glyph: 'slash' },
  refused: { level: 'problem', glyph: 'cross', tone: 'warn' },
  reset: { level: 'problem', glyph: 'cross', tone: 'warn' },
  'timed-out': { level: 'problem', glyph: 'cross', tone: 'err' },
};

/** Says of connections between services what a person follows a run by: first who talks to whom, then what goes wrong. */
export class ConnectionTeller {
  readonly #nodes: number;
  /** By what happened between whom: when it was told of last, ms. */
  readonly #toldAt = new Map<string, number>();

  constructor(nodes: number) {
    this.#nodes = nodes;
  }

  /** A line for each entry, of the node that asked. @param at ms since the run began */
  lines(connections: Connections, at: number): (Told & Pick<LogRow, 'nodeId' | 'facts'>)[] {
    const { link, target, targets, count, rttMs, unfollowed } = connections;
    const lines = link.map((pair, index) => {
      const status = CONNECTION_STATUSES[connections.status[index] ?? 0] ?? 'opened';
      const client = nodeIdOf(Math.floor(pair / this.#nodes));
      const server = nodeIdOf(pair % this.#nodes);
      const name = targets[target[index] ?? -1] ?? 'services';
      const many = (count[index] ?? 1) === 1 ? '' : ` ×${count[index]}`;
      const ms = rttMs[index] ?? -1;
      const trip = ms < 0 ? '' : `, round trip ${ms.toFixed(1)} ms`;
      const text = `${name} on ${server} ${WORDS[status]}${many}${trip}`;
      const level = this.#isNews(`${pair} ${name} ${status}`, status, at)
        ? TOLD[status].level
        : 'detail';
      const [service] = name.split('.');
      const facts = {
        type: 'connection',
        status,
        node: client,
        to: server,
        service: service ?? '',
      };
      return { ...TOLD[status], level, nodeId: client, text, facts };
    });
    if (unfollowed === undefined) return lines;
    const text = `${unfollowed} more connections than can be followed`;
    const facts = { type: 'connection' };
    return [...lines, { level: 'problem', glyph: 'cross', tone: 'warn', nodeId: '', text, facts }];
  }

  #isNews(what: string, status: ConnectionStatus, at: number): boolean {
    const last = this.#toldAt.get(what);
    this.#toldAt.set(what, at);
    return last === undefined || (status !== 'opened' && at - last > QUIET_MS);
  }
}
