/** The system asks for less motion: nothing plays by itself, and what is played goes in steps. */
export function prefersReducedMotion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
