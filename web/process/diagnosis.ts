import type { Diagnosis } from '../../src/experiment/job.ts';
import { diagnose } from '../app/diagnose.ts';
import { openWebGpu } from './webgpu.ts';

/** What a process would compute on, on the adapter of this name where one is given. */
export const diagnosis = async (adapter?: string): Promise<Diagnosis> => diagnose(await openWebGpu(adapter));
