import otlp from 'otlp-definitions/build/src/generated/root.js';

/** A message as protobufjs makes it of the official definitions of OTLP, which an older exporter of OpenTelemetry carries along. */
interface MessageType {
  fromObject(given: object): object;
  encode(message: object): { finish(): Uint8Array };
  decode(bytes: Uint8Array): object;
  toObject(message: object, options: { longs: StringConstructor }): object;
}

interface Collectors {
  readonly trace: { readonly v1: { readonly ExportTraceServiceRequest: MessageType } };
  readonly metrics: { readonly v1: { readonly ExportMetricsServiceRequest: MessageType } };
}

const { collector } = (otlp as unknown as { opentelemetry: { proto: { collector: Collectors } } })
  .opentelemetry.proto;

const REQUESTS: Readonly<Record<string, MessageType>> = {
  '/v1/traces': collector.trace.v1.ExportTraceServiceRequest,
  '/v1/metrics': collector.metrics.v1.ExportMetricsServiceRequest,
};

/** Bytes that the JSON encoding of OTLP writes as hex, unlike that of protobuf, by field. */
const ID_BYTES: Readonly<Record<string, number>> = { traceId: 16, spanId: 8, parentSpanId: 8 };

/**
 * Reads a request in the JSON encoding as a receiver does that keeps what it knows: into the message of the definitions, and from
 * its bytes. @throws Error naming the first place where what was sent is not what such a receiver has
 */
export function readRequest(url: string, body: string): unknown {
  const type = REQUESTS[url];
  if (type === undefined) throw new Error(`${url} is no path of OTLP`);
  const given = JSON.parse(body) as object;
  const message = type.fromObject(withBytes(given) as object);
  const read = type.toObject(type.decode(type.encode(message).finish()), { longs: String });
  assertSame(given, read, '');
  return given;
}

function withBytes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withBytes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      name in ID_BYTES ? Buffer.from(String(field), 'hex') : withBytes(field),
    ]),
  );
}

function assertSame(given: unknown, read: unknown, at: string): void {
  if (typeof given !== 'object' || given === null) {
    const [, field = ''] = /\.(\w+)$/.exec(at) ?? [];
    const isId = field in ID_BYTES && String(given) !== '';
    const value = Buffer.isBuffer(read) ? read.toString('hex') : String(read);
    const isWhole = !isId || value.length === 2 * (ID_BYTES[field] ?? 0);
    if (value === String(given) && isWhole) return;
    throw new Error(`${at} is ${JSON.stringify(given)}, and a receiver reads ${value}`);
  }
  for (const [name, field] of Object.entries(given)) {
    // Lists without entries have no bytes.
    if (Array.isArray(field) && field.length === 0) continue;
    assertSame(field, (read as Record<string, unknown> | undefined)?.[name], `${at}.${name}`);
  }
}
