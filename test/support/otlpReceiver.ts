import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { messageOf } from '../../src/base/errors.ts';
import { readRequest } from './otlpDefinitions.ts';

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** The parts of ExportTraceServiceRequest, in the JSON encoding of OTLP, that tests look at. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** Nanoseconds since the Unix epoch. */
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code: number; readonly message?: string };
  readonly attributes: readonly Attribute[];
  readonly events: readonly { readonly name: string }[];
}

interface NumberPoint {
  readonly asInt?: string | number;
  readonly asDouble?: number;
  readonly attributes: readonly Attribute[];
}

export interface ReceivedMetric {
  readonly name: string;
  readonly sum?: { readonly dataPoints: readonly NumberPoint[] };
  readonly gauge?: { readonly dataPoints: readonly NumberPoint[] };
}

interface TraceRequest {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly ReceivedSpan[] }[];
  }[];
}
interface MetricsRequest {
  readonly resourceMetrics: readonly {
    readonly scopeMetrics: readonly { readonly metrics: readonly ReceivedMetric[] }[];
  }[];
}

/** As google.rpc.Code has it. */
const INVALID_ARGUMENT = 3;

export interface OtlpReceiver {
  readonly address: string;
  readonly spans: ReceivedSpan[];
  readonly metrics: ReceivedMetric[];
  close(): Promise<void>;
}

/**
 * An HTTP server that takes what the official definitions of OTLP know, as a collector does, and answers 400 with the reason
 * otherwise. @param status of every answer, other than 200 for a receiver that takes nothing
 */
export async function otlpReceiver(status = 200): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const metrics: ReceivedMetric[] = [];
  const take = (url: string, body: string): void => {
    const request = readRequest(url, body) as Partial<TraceRequest & MetricsRequest>;
    spans.push(
      ...(request.resourceSpans ?? []).flatMap((one) =>
        one.scopeSpans.flatMap((scope) => scope.spans),
      ),
    );
    metrics.push(
      ...(request.resourceMetrics ?? []).flatMap((one) =>
        one.scopeMetrics.flatMap((scope) => scope.metrics),
      ),
    );
  };
  const server = createServer((request, response) => {
    const answer = (code: number, body: object) =>
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    void text(request).then((body) => {
      try {
        if (status === 200) take(request.url ?? '', body);
        answer(status, {});
      } catch (error) {
        answer(400, { code: INVALID_ARGUMENT, message: messageOf(error) });
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    spans,
    metrics,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
