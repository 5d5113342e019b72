import * as z from 'zod/mini';
import { HOST_NAME } from './hostKinds.ts';

export const hostNameSchema = z
  .string()
  .check(
    z.regex(HOST_NAME, 'must be a name of lower-case letters, digits and hyphens, such as edge'),
  );
