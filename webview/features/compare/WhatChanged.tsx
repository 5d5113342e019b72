import type { VNode } from 'preact';
import {
  chunkWords,
  isNotCompared,
  OTHER_CONDITIONS,
  servicePath,
  valueWords,
} from '../../../src/model/comparedWords.ts';
import type { Change, RunComparison } from '../../../src/model/runComparison.ts';
import { Mark } from '../../ui/Mark.tsx';

interface ChangedProps {
  readonly plan: RunComparison['plan'];
  readonly capsule: RunComparison['capsule'];
  readonly machine: RunComparison['machine'];
}

/** What the two runs were given that differs: plan, Capsule, and what ran them. */
export function WhatChanged({ plan, capsule, machine }: ChangedProps): VNode {
  const isOther = !isNotCompared(plan) && !plan.isSameConditions;
  return (
    <>
      {isOther && (
        <p class="compare-why warn">
          <Mark name="warning" /> {OTHER_CONDITIONS}
        </p>
      )}
      <table>
        <thead>
          <tr>
            <th scope="col">Where</th>
            <th scope="col" class="text">
              A
            </th>
            <th scope="col" class="text">
              B
            </th>
          </tr>
        </thead>
        <Group name="Plan" changes={isNotCompared(plan) ? [] : plan.changes} />
        <Group name="Capsule" changes={capsuleChanges(capsule)} notes={capsuleNotes(capsule)} />
        <Group name="Machine" changes={isNotCompared(machine) ? [] : machine.changes} />
      </table>
    </>
  );
}

function Group(props: {
  readonly name: string;
  readonly changes: readonly Change[];
  readonly notes?: readonly string[];
}): VNode {
  const { name, changes, notes = [] } = props;
  return (
    <tbody>
      <tr class="changed-group">
        <th scope="rowgroup">{name}</th>
        <td class="text quiet" colSpan={2}>
          {changes.length + notes.length === 0 ? 'the same' : ''}
        </td>
      </tr>
      {changes.map(({ path, a, b }) => (
        <tr key={path}>
          <th scope="row">
            <code>{path}</code>
          </th>
          <td class="text">{valueWords(a)}</td>
          <td class="text">{valueWords(b)}</td>
        </tr>
      ))}
      {notes.map((note) => (
        <tr key={note}>
          <td class="text quiet" colSpan={3}>
            {note}
          </td>
        </tr>
      ))}
    </tbody>
  );
}

function capsuleChanges(capsule: RunComparison['capsule']): Change[] {
  if (isNotCompared(capsule)) return [];
  const ofServices = capsule.services.flatMap(({ service, status, changes }): Change[] => {
    if (status === 'added') return [{ path: service, b: 'added' }];
    if (status === 'removed') return [{ path: service, b: 'removed' }];
    return changes.map((change) => ({ ...change, path: servicePath(service, change) }));
  });
  return [...capsule.changes, ...ofServices];
}

function capsuleNotes(capsule: RunComparison['capsule']): string[] {
  if (isNotCompared(capsule)) return [];
  const ofChunks = capsule.services.flatMap((one) => {
    const words = chunkWords(one);
    return words === undefined ? [] : [`${one.service}: ${words}.`];
  });
  const byPack = 'By their signed packs: a manifest is not in this workspace.';
  return capsule.from === 'pack' ? [...ofChunks, byPack] : ofChunks;
}
