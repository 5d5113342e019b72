/**
 * How many cases of a sweep run.
 * @param all in `npm run test:long`
 * @param sample in `npm test`, which has no time for all
 */
export function sweepOf(all: number, sample: number): number {
  return process.env.MESH_SIM_SWEEPS === 'all' ? all : sample;
}
