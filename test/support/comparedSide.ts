import type { SideToCompare } from '../../src/evidence/compared/compareSides.ts';
import { sealRun } from '../../src/evidence/seal.ts';
import type { Manifest } from '../../src/model/capsule.ts';
import type { MeshEvent, MeshEventBody } from '../../src/model/events.ts';
import type { EvidenceStatement } from '../../src/model/evidence.ts';
import type { RunObservation } from '../../src/model/observation.ts';
import { packStatementOf } from '../../src/model/packStatement.ts';
import { SOME_SIM_ID } from './observation.ts';
import { CAPSULE_KEY, MANIFEST, packedBefore, packEnvelopeBy } from './sealedRun.ts';

/** An event and when it was, ms since its run began. */
export type TimedEvent = readonly [at: number, event: MeshEventBody];

export interface SideChoice {
  /** Left out: the events are not here. */
  readonly events?: readonly TimedEvent[];
  readonly manifest?: Manifest | undefined;
}

/** The text of an events.jsonl. */
export function eventText(events: readonly TimedEvent[]): string {
  return events
    .map(([at, event], seq) => {
      const stamped: MeshEvent = { ...event, seq, at, simId: SOME_SIM_ID };
      return `${JSON.stringify(stamped)}\n`;
    })
    .join('');
}

/** A side whose evidence was verified; `manifest: undefined`, where the Capsule is not here. */
export function sideOf(observation: RunObservation, choice: SideChoice = {}): SideToCompare {
  const { events } = choice;
  const { capsuleHash } = observation.plan;
  const manifest = 'manifest' in choice ? choice.manifest : MANIFEST;
  const sealed = sealRun({
    observation,
    capsuleHash,
    packEnvelope: packEnvelopeBy(CAPSULE_KEY, capsuleHash),
    key: CAPSULE_KEY,
    ...(observation.upgrade === undefined ? {} : { before: packedBefore() }),
  });
  const statement = JSON.parse(Buffer.from(sealed.statementBytes).toString()) as EvidenceStatement;
  const pack = packStatementOf(capsuleHash, manifest ?? MANIFEST, undefined);
  return {
    name: observation.simId,
    verdict: 'verified',
    sentence: 'Genuine.',
    verified: {
      statement,
      capsule: { manifest, pack },
      events:
        events === undefined
          ? { sentence: 'The events of this run are not in this workspace.' }
          : { text: eventText(events), sentence: 'They are those signed.' },
    },
  };
}
