type TestFiles = Record<string, () => Promise<unknown>>;

/** The tests that hold programs to their bounds, as they verify an adapter: each is loaded when its turn comes. */
export const programTests: TestFiles = import.meta.glob([
  '../../test/programs/*.test.ts',
  '../../test/shaders/{activations,angle,gallery,random-bits}.test.ts',
  '../../test/jacobian/{factors,feature-storage}.test.ts',
  '../../test/data/distribution.test.ts',
]);

/** Those of whole runs, which are made of these programs. */
export const runTests: TestFiles = import.meta.glob('../../test/experiment/{accuracy,run}.test.ts');

/** "programs/ntk" */
export const programOf = (file: string): string => file.replace(/^.*\/test\//, '').replace(/\.test\.ts$/, '');
