import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { VNode } from 'preact';
import type { LinkList } from '../../../src/model/linksApi.ts';
import { linkName } from '../../../src/model/serviceLink.ts';
import type { RunHistory } from '../../run/history.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Dropdown } from '../../ui/Dropdown.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { openLink } from './openLink.ts';

type Link = LinkList['links'][number];

/** Services of a run that goes on or is held up: a link to each port of the chosen node, and what ends the hold. */
export function ServiceLinks(props: {
  readonly state: StudioState;
  readonly run: RunHistory;
  /** Nodes that are READY: when their number changes, so may what can be looked at. */
  readonly ready: number;
}): VNode | null {
  const { state, run, ready } = props;
  const { simId } = run;
  const isHeld = state.workspace.value?.held === simId;
  const isOver = run.end !== undefined && !isHeld;
  const links = useSignal<readonly Link[]>([]);
  const load = async (): Promise<void> => {
    // Of a run of another process, and of one that has just ended, there are none.
    const list = isOver ? undefined : await state.client.links(simId).catch(() => undefined);
    links.value = list?.links ?? [];
  };
  useEffect(() => void load(), [simId, ready, isHeld, isOver]);
  const isAnyUp = links.value.some(({ isUp }) => isUp);
  if (isOver || (!isAnyUp && !isHeld)) return null;
  const open = (link: Link): void => {
    const { service, port, nodeId } = link;
    void state.attempt(async () => {
      await openLink(state, simId, { service, port, nodeId });
      await load();
    });
  };
  const end = (): void => {
    void state.attempt(() => state.client.end(simId));
  };
  return (
    <section class="service-links" aria-label="Services to look at">
      {isHeld && (
        <strong title="The evidence is sealed. What happens from now on is in no record.">
          Held up
        </strong>
      )}
      <NodeLinks state={state} links={links.value} onOpen={open} />
      {isHeld && (
        <button type="button" class="stop" onClick={end}>
          <Mark name="stop" /> End run
        </button>
      )}
    </section>
  );
}

function NodeLinks(props: {
  readonly state: StudioState;
  readonly links: readonly Link[];
  readonly onOpen: (link: Link) => void;
}): VNode {
  const { state, links, onOpen } = props;
  const nodes = [...new Set(links.map(({ nodeId }) => nodeId))].sort(byNumber);
  const picked = useSignal<string | undefined>(undefined);
  const wanted = state.nodeFilter.value ?? picked.value;
  const nodeId = wanted !== undefined && nodes.includes(wanted) ? wanted : (nodes[0] ?? '');
  return (
    <>
      <Dropdown
        label="Node whose services are shown"
        value={nodeId}
        options={nodes.map((value) => ({ value, label: value }))}
        onChange={(node) => {
          picked.value = node;
          if (state.nodeFilter.value !== undefined) state.nodeFilter.value = node;
        }}
      />
      <ul>
        {links
          .filter((link) => link.nodeId === nodeId)
          .map((link) => (
            <li key={linkName(link)}>
              <button
                type="button"
                class="link"
                disabled={!link.isUp}
                title={titleOf(link)}
                onClick={() => {
                  onOpen(link);
                }}
              >
                {link.service} <span class="quiet">{wordsOf(link)}</span> <Mark name="link" />
              </button>
            </li>
          ))}
      </ul>
    </>
  );
}

function byNumber(one: string, other: string): number {
  return Number(one.slice(1)) - Number(other.slice(1));
}

/** A port that is no page is told by its address, for whatever program speaks to it. */
function wordsOf({ port, address }: Link): string {
  return address === undefined || address.startsWith('http') ? port : `${port} ${address}`;
}

function titleOf(link: Link): string {
  const { service, nodeId, isUp, address } = link;
  if (!isUp) return `${service} is not healthy on ${nodeId} at present`;
  return address ?? `Open ${linkName(link)} by a port of the machine that runs it`;
}
