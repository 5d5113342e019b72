import type { KeeperCommand } from '../../../wire/keeper.ts';

/**
 * The orchestrator and the process that holds the pipes to the keepers of its nodes, over the channel of Node.js. That process carries
 * packets, and so waits for nobody: an editor may keep the orchestrator's thread for tens of milliseconds.
 */
export type PipesCommand =
  | {
      readonly type: 'open';
      readonly node: number;
      readonly file: string;
      readonly args: readonly string[];
      /** See HostCommand. */
      readonly surrender?: string | undefined;
      /** The bundled keeper, which the loader over there waits for. */
      readonly keeper: string;
    }
  | { readonly type: 'emulator'; readonly port: number }
  | { readonly type: 'tell'; readonly node: number; readonly command: KeeperCommand }
  | {
      readonly type: 'upload';
      readonly node: number;
      readonly digest: string;
      readonly file: string;
    }
  | { readonly type: 'say'; readonly node: number; readonly life: number; readonly line: string }
  /** A port here is to lead to a loopback port of the host; answered by `forwarded` with the same `id`. */
  | {
      readonly type: 'forward';
      readonly node: number;
      readonly id: number;
      readonly there: number;
      /** 0: any that is free. */
      readonly at: number;
    }
  /** What the path carries is to be measured; answered by `measured`. */
  | { readonly type: 'measure'; readonly node: number }
  | { readonly type: 'close'; readonly node: number };

/** Of the host's monotonic clock against this machine's, in ms: offset = there − here, found by the fastest of many pings. */
export interface HostClock {
  readonly offsetMs: number;
  /** Half the round trip of that ping: how asymmetric the path is cannot be seen. */
  readonly errorMs: number;
  readonly rttMinMs: number;
  readonly rttP50Ms: number;
}

export type PipesMessage =
  /** What a keeper said, unchecked. */
  | { readonly type: 'said'; readonly node: number; readonly message: unknown }
  | {
      readonly type: 'lines';
      readonly node: number;
      readonly life: number;
      readonly lines: string[];
    }
  /** The port here, or why there is none, one clause. */
  | {
      readonly type: 'forwarded';
      readonly node: number;
      readonly id: number;
      readonly port?: number;
      readonly problem?: string;
    }
  /** What the path carries each way, both at once, in Mbit/s; left out: it could not be measured. */
  | { readonly type: 'measured'; readonly node: number; readonly mbps?: number }
  /** All that an agent said has been handed over. */
  | { readonly type: 'lines-ended'; readonly node: number; readonly life: number }
  | { readonly type: 'clock'; readonly node: number; readonly clock: HostClock }
  /** What the program of the pipe had said on its stderr when the first clock was known. */
  | { readonly type: 'words'; readonly node: number; readonly words: string }
  /** Nothing was heard of a keeper for so long. */
  | { readonly type: 'silent'; readonly node: number; readonly ms: number }
  /** The program that was the pipe has ended; `words`: what it wrote to its stderr, shortened. */
  | {
      readonly type: 'gone';
      readonly node: number;
      readonly code: number | null;
      /** What ended it; left out: it ended by itself, or never began. */
      readonly signal?: string | undefined;
      readonly words: string;
      /** Why it was ended from here: what came is not what a keeper says. A sentence; left out: it was not. */
      readonly refusal?: string | undefined;
    };
