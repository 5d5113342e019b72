import type { Boot } from '../../src/model/boot.ts';
import { fragmentWith, placeIn, placeOfFragment, type Place } from '../state/place.ts';
import { keep, kept } from './editorApi.ts';

/** A browser refuses more than some hundred changes of its address in half a minute: a drag would be more. */
const SAVE_DELAY_MS = 250;

/** Where the page remembers what it shows, over a reload and over being hidden. */
export interface PageMemory {
  /** Undefined: nothing is remembered yet. */
  readonly load: () => Place | undefined;
  readonly save: (place: Place) => void;
}

/** The editor keeps it for its webview; in a browser it is part of the address, since storage is unreliable in an iframe. */
export function pageMemory(boot: Boot): PageMemory {
  return boot.door === 'editor' ? editorMemory() : addressMemory();
}

function editorMemory(): PageMemory {
  return { load: () => placeIn(kept()), save: delayed(keep) };
}

function addressMemory(): PageMemory {
  return {
    load: () => placeOfFragment(location.hash),
    save: delayed((place) => {
      history.replaceState(history.state, '', fragmentWith(location.hash, place));
    }),
  };
}

/** The first place at once, those that follow it closely when they pause, the last of them when the page goes away. */
function delayed(write: (place: Place) => void): (place: Place) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waiting: Place | undefined;
  const flush = (): void => {
    timer = undefined;
    if (waiting === undefined) return;
    write(waiting);
    waiting = undefined;
    timer = setTimeout(flush, SAVE_DELAY_MS);
  };
  addEventListener('pagehide', flush);
  document.addEventListener('visibilitychange', flush);
  return (place) => {
    waiting = place;
    if (timer === undefined) flush();
  };
}
