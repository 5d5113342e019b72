import { diskSchema, doneSchema, filledSchema, freeSchema } from '../../../wire/keeper.ts';
import { legible } from '../../../base/shortText.ts';
import type { FillableDisk, Filled, NoDisk } from '../../real/disk/nodeDisk.ts';
import type { KeeperLink } from './keeperLink.ts';

/** The disk of a node on another host; its keeper there fills it. */
export class RemoteDisk implements FillableDisk {
  readonly bytes: number;
  readonly #link: KeeperLink;

  private constructor(link: KeeperLink, bytes: number) {
    this.#link = link;
    this.bytes = bytes;
  }

  /** Before the node is started there. @throws MeshSimError `host-failed` */
  static async open(link: KeeperLink): Promise<RemoteDisk | NoDisk> {
    const answer = await link.ask({ ask: 'open-disk' }, diskSchema);
    if ('bytes' in answer) return new RemoteDisk(link, answer.bytes);
    return { unavailable: legible(answer.unavailable, 300) };
  }

  async free(): Promise<number> {
    return (await this.#link.ask({ ask: 'free-bytes' }, freeSchema)).free;
  }

  fill(leaveBytes: number): Promise<Filled> {
    return this.#link.ask({ ask: 'fill-disk', leaveBytes }, filledSchema);
  }

  async empty(): Promise<void> {
    await this.#link.ask({ ask: 'empty-disk' }, doneSchema);
  }
}
