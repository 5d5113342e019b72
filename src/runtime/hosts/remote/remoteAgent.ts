import type { AgentCommand } from '../../../wire/control.ts';
import { AgentTalk } from '../../real/agentTalk.ts';
import type { AgentStart, HostedAgent } from '../hostedNode.ts';
import type { KeeperLink, KeeperLinkOptions } from './keeperLink.ts';

/** A keeper that answers pings and does not end an agent is not waited for. */
const KILL_LIMIT_MS = 20_000;

type News = Parameters<KeeperLinkOptions['onAgent']>[0];

/** One life of a node on another host, started, ended and listened to by its keeper. */
export class RemoteAgent implements HostedAgent {
  readonly #link: KeeperLink;
  readonly #life: number;
  readonly #talk: AgentTalk;
  #closed: { readonly code: number | null; readonly signal: string | null } | undefined;
  #areLinesOver = false;
  #killed: NodeJS.Timeout | undefined;

  constructor(link: KeeperLink, life: number, start: AgentStart) {
    this.#link = link;
    this.#life = life;
    this.#talk = new AgentTalk({ ...start, kill: () => this.kill() });
    link.order({ order: 'start', life });
  }

  get ended(): Promise<void> {
    return this.#talk.ended;
  }

  get isGone(): boolean {
    return this.#talk.isGone;
  }

  send(command: AgentCommand): void {
    this.#link.say(this.#life, JSON.stringify(command));
  }

  kill(): void {
    this.#link.order({ order: 'kill', life: this.#life });
    this.#killed ??= setTimeout(
      () => this.lost('was not ended by its host'),
      KILL_LIMIT_MS,
    ).unref();
  }

  hear(news: News): void {
    if (this.isGone || news.life !== this.#life) return;
    if (news.type === 'lines') for (const line of news.lines) this.#talk.line(line);
    else if (news.type === 'words') this.#talk.words(Buffer.from(news.bytes, 'base64'));
    else if (news.type === 'unable') this.#talk.failed(new Error(news.sentence));
    else if (news.type === 'closed') this.#closed = news;
    else this.#areLinesOver = true;
    // How it ended may come before what it said last.
    if (this.#closed !== undefined && this.#areLinesOver) {
      this.#talk.closed(this.#closed.code, this.#closed.signal);
    }
  }

  /** Its host is gone. */
  lost(words: string): void {
    this.#talk.over(words);
  }
}
