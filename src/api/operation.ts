import type * as z from 'zod/mini';
import type { ErrorCode } from '../base/errors.ts';

/** What a route is told as: one entry of the OpenAPI description. */
export interface Operation {
  readonly summary: string;
  /** Parameters in the query or a header; those in the path are read off it. */
  readonly parameters?: readonly Parameter[];
  /** Schema of a JSON body, or the media type of one that is bytes. */
  readonly body?: z.ZodMiniType | string;
  readonly status: number;
  readonly answer?: z.ZodMiniType;
  /** Media type of the answer, where it is not JSON. */
  readonly media?: string;
  /** What can be wrong beside what the door refuses. */
  readonly errors?: readonly ErrorCode[];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'header';
  readonly required?: boolean;
  readonly description: string;
  readonly schema: z.ZodMiniType;
}
