import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

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

export interface OtlpReceiver {
  readonly address: string;
  readonly spans: ReceivedSpan[];
  readonly metrics: ReceivedMetric[];
  close(): Promise<void>;
}

/** An HTTP server at the two paths of OTLP that keeps what it is sent. */
export async function otlpReceiver(status = 200): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const metrics: ReceivedMetric[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      if (status === 200 && request.url === '/v1/traces') {
        const { resourceSpans } = JSON.parse(body) as TraceRequest;
        spans.push(
          ...resourceSpans.flatMap((one) => one.scopeSpans.flatMap((scope) => scope.spans)),
        );
      } else if (status === 200 && request.url === '/v1/metrics') {
        const { resourceMetrics } = JSON.parse(body) as MetricsRequest;
        metrics.push(
          ...resourceMetrics.flatMap((one) => one.scopeMetrics.flatMap((scope) => scope.metrics)),
        );
      }
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
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
