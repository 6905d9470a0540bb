import { createReadStream } from 'node:fs';
import { type DataFile, readDataFile } from '../data/format.ts';
import { splitMember } from '../data/member.ts';
import { namedClasses } from '../data/image-classes.ts';
import { type StoredArray, rowSize } from '../data/stored-array.ts';
import { CommandError, exitCode, messageOf } from './command-error.ts';
import { findSet, knownSets } from './known-sets.ts';
import { grouped, paint, printable, wrap } from './text.ts';

/** `first-light data [FILES]`: nothing is downloaded. */
export async function dataCommand(files: string[]): Promise<void> {
  if (files.length > 0) {
    for (const path of files) console.log(`${paint('bold', printable(path))}\n  ${await describeFile(path)}`);
    return;
  }
  for (const set of knownSets) {
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
