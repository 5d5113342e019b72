import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { REGION_COUNT } from '../../../src/model/paramLimits.ts';
import {
  REGIONS,
  regionOf,
  regionRttMs,
  regionTopology,
  type Region,
} from '../../../src/model/regions.ts';
import type { Topology } from '../../../src/model/topology.ts';
import { setParameters } from '../../state/parameters.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { TextField } from '../../ui/TextField.tsx';

type RegionTopology = Extract<Topology, { kind: 'regions' }>;

/** The regions that nodes take in turn, in this order, and those there are to add. Regions of one's own are shown as they are. */
export function RegionFields({ topology }: { readonly topology: RegionTopology }): VNode {
  const ids = topology.regions;
  const isOwn = !isOfTable(topology);
  return (
    <fieldset class="regions">
      <legend>{isOwn ? 'Your own regions' : 'Regions, which nodes take in turn'}</legend>
      {!isOwn && <Chosen ids={ids} />}
      <Times topology={topology} />
      {!isOwn && ids.length < REGION_COUNT.max && <Others ids={ids} />}
    </fieldset>
  );
}

function isOfTable({ regions, rttMs }: RegionTopology): boolean {
  if (!regions.every((id) => REGIONS.some((region) => region.id === id))) return false;
  return JSON.stringify(regionTopology(regions).rttMs) === JSON.stringify(rttMs);
}

function choose(ids: readonly string[]): void {
  setParameters({ topology: regionTopology(ids) });
}

function Chosen({ ids }: { readonly ids: readonly string[] }): VNode {
  return (
    <ol class="chips" aria-label="Chosen regions">
      {ids.map((id, at) => {
        const name = regionOf(id)?.name ?? id;
        return (
          <li key={`${id} ${at}`}>
            <span title={name}>{name}</span>
            <IconButton
              label={`Remove ${name}`}
              mark="close"
              isDisabled={ids.length <= REGION_COUNT.min}
              onPress={() => {
                choose(ids.toSpliced(at, 1));
              }}
            />
          </li>
        );
      })}
    </ol>
  );
}

/** Wider than the form where there are many: it scrolls by itself, also with the keys. */
function Times({ topology: { regions, rttMs } }: { readonly topology: RegionTopology }): VNode {
  return (
    <div class="times" tabIndex={0} role="region" aria-label="Times between regions">
      <table class="placement mono" aria-label="Round-trip times between regions, ms">
        <thead>
          <tr>
            <th scope="col">RTT, ms</th>
            {regions.map((id, at) => (
              <th scope="col" key={`${id} ${at}`}>
                {id}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {regions.map((id, row) => (
            <tr key={`${id} ${row}`}>
              <th scope="row">{id}</th>
              {regions.map((to, column) => (
                <td key={`${to} ${column}`}>{rttMs[row]?.[column]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Those that are not chosen yet, with how far they are from the first that is. */
function Others({ ids }: { readonly ids: readonly string[] }): VNode {
  const search = useSignal('');
  const first = ids[0] ?? '';
  const found = REGIONS.filter(
    (region) => !ids.includes(region.id) && matches(region, search.value),
  );
  return (
    <>
      <TextField
        label="Find a region"
        placeholder="Find a region"
        value={search.value}
        onInput={(text) => (search.value = text)}
      />
      <ul class="found" aria-label="Regions to add">
        {found.map(({ id, name }) => (
          <li key={id}>
            <button
              type="button"
              onClick={() => {
                choose([...ids, id]);
              }}
            >
              <span>{name}</span>
              <span class="mono">
                {regionRttMs(first, id)} ms from {first}
              </span>
            </button>
          </li>
        ))}
        {found.length === 0 && <li class="none">No region of that name.</li>}
      </ul>
    </>
  );
}

function matches({ id, airport, name }: Region, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  return [id, airport, name.toLowerCase()].some((text) => text.includes(wanted));
}
