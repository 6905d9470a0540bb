import type { Surroundings, Verifier } from '../app/drive.ts';

/** Verifies in this process, once. The tests ask for WebGPU where a page has it. */
export async function openVerifier({ gpu, agent }: Pick<Surroundings, 'gpu' | 'agent'>): Promise<Verifier> {
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: agent }, configurable: true });
  const { verify } = await import('../verify/verify.ts');
  return (choice, signal, tell) => verify({ ...choice, gpu, agent, signal, tell });
}
