import * as z from 'zod/mini';
import { digestSchema } from './names.ts';
import { TRUST_FORMATS } from './trustExport.ts';

/**
 * What a webview and the extension host say to each other. `request`, `abort` and the answers to them carry a fetch;
 * bodies travel in chunks, so streams of events pass too. Every message belongs to one request by its `id`.
 */
const id = z.int().check(z.minimum(0));
const headers = z.array(z.tuple([z.string(), z.string()]));
const bytes = z.instanceof(Uint8Array);

const requestSchema = z.object({
  type: z.literal('request'),
  id,
  method: z.string(),
  url: z.string().check(z.regex(/^\//, 'must be a path with its query, such as /api/workspace')),
  headers,
  body: z.optional(bytes),
});
const abortSchema = z.object({ type: z.literal('abort'), id });

/** What the browser cannot do itself: the host asks where to save, or shows the file. */
const exportSchema = z.object({ type: z.literal('export'), simId: z.uuid() });
const exportPacketsSchema = z.object({ type: z.literal('export-packets'), simId: z.uuid() });
/** A service of a run, to be shown by the person's own browser. Nothing but a page of this machine is opened. */
const openLinkSchema = z.object({
  type: z.literal('open-link'),
  address: z.string().check(z.regex(/^https?:\/\/127\.0\.0\.1:\d{1,5}\/$/)),
});
const exportTrustSchema = z.object({
  type: z.literal('export-trust'),
  format: z.enum(TRUST_FORMATS),
  capsuleHash: z.optional(digestSchema),
});

export const pageMessageSchema = z.discriminatedUnion('type', [
  requestSchema,
  abortSchema,
  exportSchema,
  exportPacketsSchema,
  exportTrustSchema,
  openLinkSchema,
]);

export type TunnelRequest = z.infer<typeof requestSchema>;
export type PageMessage = z.infer<typeof pageMessageSchema>;

export type TunnelAnswer =
  | {
      readonly type: 'head';
      readonly id: number;
      readonly status: number;
      readonly headers: [string, string][];
    }
  | { readonly type: 'chunk'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly type: 'end'; readonly id: number }
  | { readonly type: 'error'; readonly id: number; readonly sentence: string };

export interface Navigate {
  readonly type: 'navigate';
  readonly view: 'run' | 'evidence' | 'trust';
  readonly simId?: string;
  readonly runId?: string;
}

export type HostMessage = TunnelAnswer | Navigate;
