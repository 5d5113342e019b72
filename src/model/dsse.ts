import * as z from 'zod/mini';

export const DSSE_PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** Apart from the evidence's schemas: building those, which an agent never needs, would delay the start of each. */
export const dsseEnvelopeSchema = z.strictObject({
  payload: z.base64().check(z.minLength(4)),
  payloadType: z.string().check(z.minLength(1)),
  signatures: z
    .array(z.strictObject({ keyid: z.string(), sig: z.base64().check(z.minLength(4)) }))
    .check(z.length(1)),
});

export type DsseEnvelope = z.infer<typeof dsseEnvelopeSchema>;
