import { SpanKind, SpanStatusCode, TraceFlags, type HrTime } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { observedOf } from '../model/invariants.ts';
import type { StatedRun } from '../model/observation.ts';
import { sha256Hex } from '../signing/digest.ts';
import { hrTime, runResource, SCOPE } from './runResource.ts';

/**
 * A run as one trace: a span for the run, below it one for each node, below that one for each attempt at a phase. Ids follow from
 * the simId, so a run that is sent twice is the same trace. Invariants are events of the run's span.
 */
export function runSpans(run: StatedRun): ReadableSpan[] {
  const { startedAt, endedAt, outcome, cause, invariants } = run;
  const root = spanOf(run, {
    name: 'mesh-sim run',
    path: '',
    ...{ start: startedAt, end: endedAt },
    failure: outcome === 'fail' ? (cause ?? 'The run failed.') : undefined,
    events: invariants.map((invariant) => ({
      name: `invariant ${invariant.name} ${observedOf(invariant)}`,
      time: hrTime(endedAt),
      attributes: { details: invariant.details },
    })),
  });
  return [root, ...run.nodeReports.flatMap((report) => nodeSpans(run, report))];
}

function nodeSpans(run: StatedRun, report: StatedRun['nodeReports'][number]): ReadableSpan[] {
  const { nodeId, phases, signatureVerified } = report;
  const [first, last] = [phases[0], phases.at(-1)];
  if (first === undefined || last === undefined) return [];
  const links = run.network.links.filter(({ from }) => from === nodeId);
  const sum = (pick: (link: (typeof links)[number]) => number) =>
    links.reduce((total, link) => total + pick(link), 0);
  const node = spanOf(run, {
    name: nodeId,
    path: nodeId,
    parent: '',
    ...{ start: first.start, end: last.end },
    failure: last.status === 'error' ? (last.details ?? '') : undefined,
    attributes: {
      'meshsim.node': nodeId,
      'meshsim.signature_verified': signatureVerified,
      'meshsim.packets.sent': sum(({ sent }) => sent),
      'meshsim.packets.dropped': sum(({ dropped }) => dropped),
      'meshsim.packets.unreachable': sum(({ unreachable }) => unreachable),
    },
  });
  const attempts = phases.map(({ name, start, end, status, details }, attempt) =>
    spanOf(run, {
      ...{ name, path: `${nodeId}/${attempt}/${name}`, parent: nodeId, start, end },
      failure: status === 'error' ? (details ?? '') : undefined,
      attributes: { 'meshsim.node': nodeId, 'meshsim.phase': name },
    }),
  );
  return [node, ...attempts];
}

interface SpanFacts {
  readonly name: string;
  /** Of the span in its trace; its id follows from it. */
  readonly path: string;
  readonly parent?: string;
  /** ISO 8601. */
  readonly start: string;
  readonly end: string;
  /** Why it failed; undefined: it did not. */
  readonly failure: string | undefined;
  readonly attributes?: ReadableSpan['attributes'];
  readonly events?: ReadableSpan['events'];
}

function spanOf(run: StatedRun, facts: SpanFacts): ReadableSpan {
  const context = (path: string) => ({
    traceId: run.simId.replaceAll('-', ''),
    spanId: sha256Hex(Buffer.from(`${run.simId}/${path}`)).slice(0, 16),
    traceFlags: TraceFlags.SAMPLED,
  });
  const { name, path, parent, start, end, failure, attributes = {}, events = [] } = facts;
  return {
    name,
    kind: SpanKind.INTERNAL,
    spanContext: () => context(path),
    ...(parent === undefined ? {} : { parentSpanContext: context(parent) }),
    startTime: hrTime(start),
    endTime: hrTime(end),
    duration: lasted(start, end),
    ended: true,
    status:
      failure === undefined
        ? { code: SpanStatusCode.OK }
        : { code: SpanStatusCode.ERROR, message: failure },
    attributes,
    events,
    links: [],
    resource: runResource(run),
    instrumentationScope: SCOPE,
    ...{ droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 },
  };
}

function lasted(start: string, end: string): HrTime {
  const ms = Date.parse(end) - Date.parse(start);
  return [Math.floor(ms / 1000), (ms % 1000) * 1e6];
}
