import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { messageOf } from '../../base/errors.ts';
import { Box } from './box.ts';
import { tunHindrance } from './hindrance.ts';
import { BoxLost } from './opening.ts';
import { NO_RELAY, relayOf } from './wire.ts';

/** Why this machine gives nodes no wire, one clause; undefined: it does. Opens a box to find out. `door`: its bundle. */
export async function whyNoWire(door: string): Promise<string | undefined> {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'mesh-sim-wire-')));
  try {
    const box = await Box.open({ door, folder, files: [], cover: [], index: 0 });
    if ('unavailable' in box) return box.unavailable;
    await box.close();
    if (box.wireMissing !== undefined) return tunHindrance(box.wireMissing);
    return relayOf() === undefined ? NO_RELAY : undefined;
  } catch (error) {
    return error instanceof BoxLost ? 'its box was ended from outside' : messageOf(error);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
