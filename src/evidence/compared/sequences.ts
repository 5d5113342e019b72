import type { MeshEvent } from '../../model/events.ts';
import type { EventsDifference, PartedEvent } from '../../model/runComparison.ts';
import { isFault, storyOf } from './story.ts';

type Place = NonNullable<PartedEvent['a']>;

/**
 * The events of a run as sequences of what happened to one thing: a node's phases, a service on a node, a fault. Nodes and services
 * go on at once, so which of two comes first is chance; what happens to one of them is not.
 */
export class SequencesOfEvents {
  readonly #byAbout = new Map<string, Place[]>();

  /** Events are to come in order. */
  add(event: MeshEvent): void {
    const story = storyOf(event);
    if (story === undefined) return;
    const { about, is, mayRepeat } = story;
    const places = this.#byAbout.get(about) ?? [];
    this.#byAbout.set(about, places);
    // How often is chance as well.
    if (mayRepeat && places.some((place) => place.is === is)) return;
    const { seq, at, details } = event;
    places.push({ seq, at, is, ...(details === undefined ? {} : { details }) });
  }

  about(): string[] {
    return [...this.#byAbout.keys()];
  }

  of(about: string): readonly Place[] {
    return this.#byAbout.get(about) ?? [];
  }
}

/** Where the events of two runs part, aligned by what they are and not by when. The first is the one that came first in either run. */
export function eventsBetween(a: SequencesOfEvents, b: SequencesOfEvents): EventsDifference {
  let same = 0;
  const parted: PartedEvent[] = [];
  for (const about of new Set([...a.about(), ...b.about()])) {
    const [ofA, ofB] = [a.of(about), b.of(about)];
    const most = Math.max(ofA.length, ofB.length);
    let at = 0;
    while (at < most && ofA[at]?.is === ofB[at]?.is) at += 1;
    same += at;
    const [placeA, placeB] = [ofA[at], ofB[at]];
    if (at === most) continue;
    parted.push({
      about,
      ...(placeA === undefined ? {} : { a: placeA }),
      ...(placeB === undefined ? {} : { b: placeB }),
    });
  }
  parted.sort((x, y) => earliest(x) - earliest(y) || rank(x) - rank(y));
  return { same, parted };
}

/** Whole ms since its run began. */
function earliest({ a, b }: PartedEvent): number {
  return Math.floor(Math.min(a?.at ?? Infinity, b?.at ?? Infinity));
}

/** Of one moment, a fault comes first: it is told once it has acted, after what came of it. */
function rank({ about }: PartedEvent): number {
  return isFault(about) ? 0 : 1;
}
