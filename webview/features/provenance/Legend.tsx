import type { VNode } from 'preact';
import { itemOf, PACKET_CLASSES, type LegendItem } from '../../run/packetClass.ts';
import type { ClassCounts } from '../../run/packetStore.ts';
import type { RunClock } from '../../state/runClock.ts';
import { shortCount } from './format.ts';
import { Mark } from '../../ui/Mark.tsx';
import { NodeMark } from './NodeMark.tsx';

const PHASES = ['boot', 'verify', 'receive', 'start', 'healthy', 'down'] as const;

const ITEMS: readonly LegendItem[] = [
  ...(['chunk', 'control', 'ack', 'probe', 'service', 'late', 'dropped'] as const),
];

const TOLD: Record<LegendItem, string> = {
  chunk: 'carries a chunk of the Capsule',
  control: 'manifests, greetings and orders',
  ack: 'says which chunks have come',
  probe: 'measures a link',
  service: 'services of different nodes talk, in sums of 100 ms: the wider, the more',
  late: 'took longer than the configured maximum',
  dropped: 'lost, damaged, cut off, or sent to a node that was down',
};

/** What shapes and lines of the lanes mean; packets can be hidden by class. */
export function Legend(props: {
  readonly clock: RunClock;
  /** Of the instant that is shown. */
  readonly counts: ClassCounts;
  /** Packets between services; undefined: this run has none, and no item for them. */
  readonly services: number | undefined;
  /** Faults have acted on services. */
  readonly hasFaults: boolean;
  /** The counts are changed in place: this tells that they were. */
  readonly frame: number;
}): VNode {
  const { clock, counts, services, hasFaults } = props;
  const items = ITEMS.filter((item) => item !== 'service' || services !== undefined);
  const hidden = clock.hiddenItems.value;
  return (
    <div class={hasFaults ? 'legend has-faults' : 'legend'}>
      <ul class="legend-phases" aria-label="Phases">
        {PHASES.map((phase) => (
          <li key={phase}>
            <NodeMark kind={phase} />
            {phase}
          </li>
        ))}
        {hasFaults && (
          <li title="what faults do to services of a node, in the words of its lane">
            <Mark name="warning" tone="late" />
            fault
          </li>
        )}
      </ul>
      <ul class="legend-packets" aria-label="Packets">
        {items.map((item) => {
          const count = item === 'service' ? (services ?? 0) : countOf(item, counts);
          return (
            <li key={item}>
              <button
                type="button"
                class={`legend-item is-${item}`}
                aria-pressed={!hidden.has(item)}
                title={`${item}: ${TOLD[item]}; ${count} so far. Press to ${hidden.has(item) ? 'show' : 'hide'} them.`}
                onClick={() => {
                  clock.toggleItem(item);
                }}
              >
                <LineSample item={item} />
                {item} <span class="count">{shortCount(count)}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function countOf(item: LegendItem, counts: ClassCounts): number {
  return PACKET_CLASSES.reduce(
    (sum, name, index) => sum + (itemOf(name) === item ? (counts[index] ?? 0) : 0),
    0,
  );
}

function LineSample({ item }: { readonly item: LegendItem }): VNode {
  return (
    <svg class="line-sample" viewBox="0 0 16 12" aria-hidden="true">
      {item === 'late' && <path class="dashed" d="M1 6h4M11 6h4M8 3l3 3-3 3-3-3z" />}
      {item === 'dropped' && <path d="M1 6h5M7 3l6 6M13 3 7 9" />}
      {item === 'service' && <path class="bundle" d="M2 1c0 6 12 4 12 10" />}
      {item !== 'late' && item !== 'dropped' && item !== 'service' && (
        <path d="M2 1c0 6 12 4 12 10" />
      )}
    </svg>
  );
}
