/** The kind of adapter to compute on; auto: hardware where WebGPU works on it, else software. */
export type AdapterKind = 'auto' | 'hardware' | 'software';

/** A kind of adapter, or part of the name of one, which only Node can choose by. */
export type AdapterChoice = AdapterKind | { named: string };

/** `--adapter` as it is written. */
export const parseAdapter = (text: string): AdapterChoice =>
  text === 'auto' || text === 'hardware' || text === 'software' ? text : { named: text };
