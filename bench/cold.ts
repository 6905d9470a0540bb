import '../src/gpu/symbol-dispose.ts';
import type { ColdStart } from './case.ts';
import type { Contestant } from './contestant.ts';
import { networkProblem } from './problem.ts';

/** Loaded when asked for, so that a page holds one library only. */
const contestants: Record<string, () => Promise<Contestant>> = {
  ours: async () => (await import('./new-kernel.ts')).oneKernel(),
  jax: async () => (await import('./peers/jax.ts')).jaxJs('webgpu'),
  tensorflow: async () => (await import('./peers/tensorflow.ts')).tensorFlow('webgpu'),
};

async function firstResult(): Promise<ColdStart> {
  try {
    const name = new URLSearchParams(location.search).get('contestant')!;
    const contestant = await contestants[name]();
    await contestant.activate();
    const problem = networkProblem({ n: 512, d: 50, m: 256 });
    const [create] = Object.values(contestant.denseNtk!(problem, 1));
    await (await create()).run();
    // Counted from the start of the navigation.
    return { milliseconds: performance.now() };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}

/** What bench/run.js waits for. */
Object.assign(window, { firstResult: firstResult() });
