import { MeshSimError, messageOf } from '../base/errors.ts';
import type { StatedRun } from '../model/observation.ts';

/**
 * The address of an OTLP receiver without a slash at its end, such as http://localhost:4318.
 * @throws MeshSimError `usage`
 */
export function receiverAddress(given: string): string {
  const url = URL.parse(given);
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.search !== '') {
    throw new MeshSimError(
      'usage',
      `--otlp ${given} is no address of an OTLP receiver: give one such as http://localhost:4318.`,
    );
  }
  return url.href.replace(/\/+$/, '');
}

/**
 * Sends a run. What it takes is a bundle of its own, loaded on first need; its errors are not of our class.
 * @throws MeshSimError `usage` when the receiver did not take it
 */
export async function sendOtlp(run: StatedRun, address: string): Promise<void> {
  const { sendRun } = await import('../otlp/sendRun.ts');
  try {
    await sendRun(run, address);
  } catch (error) {
    throw new MeshSimError('usage', messageOf(error), { cause: error });
  }
}
