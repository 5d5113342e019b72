import type { VNode } from 'preact';

type Stretch = readonly [phase: string, from: number, to: number];

/** A made-up run of three nodes on an axis of 600 units: one that passes, one served by it, one that is killed. */
const LANES: readonly (readonly Stretch[])[] = [
  [
    ['boot', 0, 50],
    ['verify', 50, 96],
    ['receive', 96, 126],
    ['start', 126, 222],
    ['healthy', 222, 600],
  ],
  [
    ['boot', 6, 78],
    ['verify', 78, 134],
    ['receive', 134, 228],
    ['start', 228, 336],
    ['healthy', 336, 600],
  ],
  [
    ['boot', 12, 134],
    ['verify', 134, 198],
    ['receive', 198, 270],
    ['down', 270, 378],
    ['boot', 378, 440],
  ],
];
const LEFT = 36;
const LANE = 62;
const BAR = 14;
const PACKETS = [
  [0, 130],
  [0, 144],
  [0, 160],
  [0, 176],
  [1, 210],
  [1, 226],
  [1, 242],
] as const;

const barTop = (lane: number): number => 8 + lane * LANE;

/** A ghost of the real chart with its parts named, so that the first run can already be read. */
export function GhostChart(): VNode {
  return (
    <svg class="ghost" viewBox="0 0 640 152" role="img" aria-label="What a run looks like">
      {LANES.map((stretches, lane) => (
        <g key={lane}>
          <text x="0" y={barTop(lane) + 12}>{`n${lane}`}</text>
          {stretches.map(([phase, from, to]) => (
            <g key={`${phase}${from}`} class={`ghost-bar is-${phase}`}>
              <rect x={LEFT + from} y={barTop(lane)} width={to - from} height={BAR} />
              <path d={`M${LEFT + from} ${barTop(lane)}h${to - from}`} />
            </g>
          ))}
        </g>
      ))}
      {PACKETS.map(([lane, at]) => (
        <path
          key={at}
          class="ghost-packet"
          d={`M${LEFT + at} ${barTop(lane) + BAR}c4 20 10 24 14 ${LANE - BAR}`}
        />
      ))}
      <path
        class="ghost-lost"
        d={`M${LEFT + 196} ${barTop(0) + BAR}c2 10 4 14 7 20m-4-4 8 8m0-8-8 8`}
      />
      <path class="ghost-lead" d="M226 46h58M130 46h24l12 14" />
      <circle class="ghost-crash" cx={LEFT + 270} cy={barTop(2) + BAR / 2} r="8" />
      <path class="ghost-cross" d={`M${LEFT + 267} ${barTop(2) + 4}l6 6m0-6-6 6`} />
      <text x={LEFT + 4} y={barTop(0) + 12}>
        boot
      </text>
      <text x={LEFT + 54} y={barTop(0) + 12}>
        verify
      </text>
      <text x={LEFT + 132} y={barTop(0) + 12}>
        start
      </text>
      <text x={LEFT + 228} y={barTop(0) + 12}>
        healthy
      </text>
      <text x={LEFT + 140} y={barTop(1) + 12}>
        receive
      </text>
      <text x={LEFT + 286} y={barTop(2) + 12}>
        chaos kill
      </text>
      <text x="54" y="50">
        hop signature
      </text>
      <text x="290" y="50">
        a lost packet, sent again
      </text>
    </svg>
  );
}
