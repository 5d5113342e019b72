import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { messageOf } from '../base/errors.ts';
import type { StatedRun } from '../model/observation.ts';
import { runMetrics } from './runMetrics.ts';
import { runSpans } from './runSpans.ts';

/** A receiver that is busy is asked again within this time; nobody waits longer for one that is not there. */
const TIMEOUT_MS = 10_000;

/**
 * Sends what a run states to an OTLP receiver (HTTP, JSON), as a trace and as metrics. Headers come from
 * `OTEL_EXPORTER_OTLP_HEADERS`, as everywhere.
 * @param url the receiver's address, without `/v1/…`; see `receiverAddress`
 * @throws Error with a sentence when it was not taken
 */
export async function sendRun(run: StatedRun, url: string): Promise<void> {
  const traces = new OTLPTraceExporter({ url: `${url}/v1/traces`, timeoutMillis: TIMEOUT_MS });
  const metrics = new OTLPMetricExporter({ url: `${url}/v1/metrics`, timeoutMillis: TIMEOUT_MS });
  try {
    await taken(url, (done) => traces.export(runSpans(run), done));
    // The exporter's types see the enums of sdk-metrics by another of its entries.
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
    await taken(url, (done) => metrics.export(runMetrics(run), done));
  } finally {
    await Promise.all([traces.shutdown(), metrics.shutdown()]);
  }
}

interface ExportResult {
  readonly code: number;
  readonly error?: Error;
}

/** As @opentelemetry/core has it. */
const SUCCESS = 0;

function taken(url: string, send: (done: (result: ExportResult) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    send(({ code, error }) => {
      if (code === SUCCESS) {
        resolve();
        return;
      }
      const reason = error === undefined ? 'no reason given' : messageOf(error);
      const sentence = `The OTLP receiver at ${url} did not take the run (${reason || String(error)}): check its address and that it runs.`;
      reject(new Error(sentence, { cause: error }));
    });
  });
}
