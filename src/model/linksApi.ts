import * as z from 'zod/mini';
import { nodeIdSchema, serviceNameSchema, simIdSchema } from './names.ts';

/** What the API takes and gives of ports that lead to services of a run. */

const target = {
  service: serviceNameSchema,
  port: z.string().check(z.minLength(1), z.maxLength(32), z.describe('its name in the registry')),
  nodeId: nodeIdSchema,
};

const address = z
  .string()
  .check(
    z.describe(
      'where it is reached on this machine: a URL where the port speaks HTTP, else host and port',
    ),
  );

export const linkRequestSchema = z.strictObject(target);

export const openedLinkSchema = z.strictObject({ ...target, address });

export const linkListSchema = z.strictObject({
  simId: simIdSchema,
  isHeld: z
    .boolean()
    .check(z.describe('the run is over and sealed, and its nodes are up until it is ended')),
  links: z.array(
    z.strictObject({
      ...target,
      isUp: z.boolean().check(z.describe('its service is healthy there at present')),
      address: z.optional(address).check(z.describe('left out: it was not opened')),
    }),
  ),
});

export const endingSchema = z.strictObject({ simId: simIdSchema, status: z.literal('ending') });

export type LinkList = z.infer<typeof linkListSchema>;
export type OpenedLink = z.infer<typeof openedLinkSchema>;
