import assert from 'node:assert/strict';
import { receiverAddress, sendOtlp } from '../../../src/cli/otlp.ts';
import { observationOf, SOME_SIM_ID } from '../../support/observation.ts';
import { readRequest } from '../../support/otlpDefinitions.ts';
import { otlpReceiver, type OtlpReceiver, type ReceivedSpan } from '../../support/otlpReceiver.ts';

const ERROR = 2;

describe('a run sent to an OTLP receiver', () => {
  let receiver: OtlpReceiver;
  const open = async (status?: number) => (receiver = await otlpReceiver(status));
  afterEach(() => receiver.close());

  it('is one trace with a span per node and attempt at a phase, at their times', async () => {
    await open();
    const run = observationOf({ nodes: 3, outcome: 'fail' });
    await sendOtlp({ ...run, cause: 'n1 halted.' }, receiver.address);
    const { spans } = receiver;
    const traces = new Set(spans.map(({ traceId }) => traceId));
    assert.deepEqual([...traces], [SOME_SIM_ID.replaceAll('-', '')]);
    assert.equal(new Set(spans.map(({ spanId }) => spanId)).size, spans.length);
    const root = spans.find(({ parentSpanId }) => !parentSpanId);
    assert.equal(root?.name, 'mesh-sim run');
    assert.deepEqual(root.status, { code: ERROR, message: 'n1 halted.' });
    assert.equal(root.events.length, run.invariants.length);
    const below = (span?: ReceivedSpan) =>
      spans.filter(({ parentSpanId }) => parentSpanId === span?.spanId);
    assert.deepEqual(
      below(root).map(({ name }) => name),
      run.nodeReports.map(({ nodeId }) => nodeId),
    );
    for (const { nodeId, phases } of run.nodeReports) {
      const sent = below(spans.find(({ name }) => name === nodeId));
      assert.deepEqual(
        sent.map(({ name, status, startTimeUnixNano, endTimeUnixNano }) => ({
          name,
          failed: status.code === ERROR,
          start: BigInt(startTimeUnixNano) / 1_000_000n,
          end: BigInt(endTimeUnixNano) / 1_000_000n,
        })),
        phases.map(({ name, status, start, end }) => ({
          name,
          failed: status === 'error',
          start: BigInt(Date.parse(start)),
          end: BigInt(Date.parse(end)),
        })),
      );
    }
  });

  it('counts the packets of each link and tells each objective with its bound', async () => {
    await open();
    const indicator = {
      ...{ name: 'api: quick', metric: 'latency-p95-ms', comparator: '<=' as const },
      ...{ threshold: 50, value: 20.5, sampleSize: 57, passed: true },
    };
    const run = { ...observationOf({ nodes: 2 }), indicators: [indicator] };
    await sendOtlp(run, receiver.address);
    const points = (name: string) => {
      const metric = receiver.metrics.find((one) => one.name === name);
      return (metric?.sum ?? metric?.gauge)?.dataPoints ?? [];
    };
    assert.deepEqual(
      points('meshsim.link.packets.dropped').map(({ asInt }) => Number(asInt)),
      run.network.links.map(({ dropped }) => dropped),
    );
    assert.equal(points('meshsim.link.delay').length, 3 * run.network.links.length);
    assert.deepEqual(
      points('meshsim.objective.value').map(({ asDouble }) => asDouble),
      [20.5],
    );
    assert.deepEqual(
      points('meshsim.objective.threshold').map(({ asDouble }) => asDouble),
      [50],
    );
  });

  it('says in one sentence that it was not taken', async () => {
    await open(400);
    await assert.rejects(sendOtlp(observationOf({ nodes: 2 }), receiver.address), {
      code: 'usage',
      message: /^The OTLP receiver at http:\/\/127\.0\.0\.1:\d+ did not take the run \(.+\): .+\.$/,
    });
  });

  it('goes to an address only', async () => {
    await open();
    assert.equal(receiverAddress('http://collector:4318/'), 'http://collector:4318');
    for (const given of ['collector:4318', 'file:///x', 'http://', 'http://c?x=1']) {
      assert.throws(() => receiverAddress(given), { code: 'usage' }, given);
    }
  });

  it('is checked against the definitions of OTLP, which know no other field, type or id', () => {
    const request = (span: object) =>
      JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
    const span = {
      traceId: 'ab'.repeat(16),
      spanId: 'cd'.repeat(8),
      name: 'x',
      startTimeUnixNano: '1',
    };
    const read = (given: object) => readRequest('/v1/traces', request({ ...span, ...given }));
    read({});
    for (const [given, at] of [
      [{ made_up: 1 }, /spans\.0\.made_up is 1/],
      [{ startTimeUnixNano: 'soon' }, /startTimeUnixNano|soon|invalid|empty/],
      [{ traceId: 'abcd' }, /spans\.0\.traceId is "abcd"/],
      [{ attributes: { key: 'x' } }, /attributes: array expected/],
    ] as const) {
      assert.throws(() => read(given), at);
    }
    assert.throws(() => readRequest('/v1/logs', '{}'), /no path/);
  });
});
