/**
 * What of each packet between services a run keeps: its headers (IP and TCP, UDP or ICMP), or all of it. Payloads can hold
 * secrets, which nobody masks in there. Apart from schemas, so that the page need not carry a validator.
 */
export const CAPTURE_MODES = ['headers', 'full'] as const;

export type CaptureMode = (typeof CAPTURE_MODES)[number];

export const PCAPNG_MEDIA_TYPE = 'application/x-pcapng';
