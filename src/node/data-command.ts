import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { type DataFile, type Format, readDataFile } from '../data/format.ts';
import { splitMember } from '../data/member.ts';
import { namedClasses } from '../data/image-classes.ts';
import { type StoredArray, rowSize } from '../data/stored-array.ts';
import { CommandError, exitCode, messageOf } from './command-error.ts';
import { findSet, knownSets } from './known-sets.ts';
import { grouped, paint, printable, wrap } from './text.ts';
import { emit, tell } from './voice.ts';

/** `first-light data [FILES]`: nothing is downloaded. */
export async function dataCommand(files: string[]): Promise<void> {
  if (files.length > 0) {
    for (const path of files) {
      const described = await describeFile(path);
      tell(`${paint('bold', printable(path))}\n  ${inWords(described)}`);
      emit({ event: 'data-file', path: resolve(path), ...described });
    }
    return;
  }
  for (const set of knownSets) {
    tell(paint('bold', set.name));
    const found = findSet(set);
    emit({ event: 'data-set', name: set.name, data: found ?? null, source: set.source });
    if (found)
      tell(`  found: "data": ${JSON.stringify(found).replaceAll(',"', ', "').replaceAll('":', '": ')}`);
    else tell(`  ${wrap(`not found in ${set.folders.join(' or ')}. ${set.source}`, 76, '  ')}`);
  }
  tell();
  tell(
    wrap(
      'Read are IDX, CIFAR-10 (binary), .npy and .npz; IDX and .npy also as .gz. first-light data FILE says what a file holds.',
      78,
    ),
  );
}

const formats = { npy: '.npy', npz: '.npz', idx: 'IDX', 'cifar-10': 'CIFAR-10, binary' } as const;

/** What a file holds. */
export interface Described {
  format: Format;
  shape: readonly number[];
  /** How many there are of each label; null where these are no labels. */
  labels: { label: number; name?: string | undefined; count: number }[] | null;
}

async function describeFile(path: string): Promise<Described> {
  let file: DataFile;
  try {
    file = await readDataFile(createReadStream(splitMember(path).file), path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new CommandError(exitCode.input, `${path} cannot be read: ${messageOf(error)}.`);
  }
  const { format, array, labels } = file;
  const counted = labels ?? (rowSize(array) === 1 ? array : null);
  return {
    format,
    shape: array.shape,
    labels: counted && countLabels(counted, labels ? rowSize(array) : null),
  };
}

function inWords({ format, shape, labels }: Described): string {
  const what = `${formats[format]}, ${shape.map(grouped).join(' × ')}`;
  if (!labels) return what;
  const shown = labels
    .slice(0, 20)
    .map(({ label, name, count }) => `${label}${name ? ` (${name})` : ''}: ${grouped(count)}`);
  const rest = labels.length - shown.length;
  return `${what}; labels: ${shown.join(', ')}${rest > 0 ? `, and ${grouped(rest)} more` : ''}`;
}

function countLabels(labels: StoredArray, pixels: number | null): NonNullable<Described['labels']> {
  const counts = new Map<number, number>();
  for (const label of labels.rows(0, labels.shape[0])) counts.set(label, (counts.get(label) ?? 0) + 1);
  const names = namedClasses.find((classes) => classes.pixels === pixels)?.names;
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([label, count]) => ({ label, name: names?.[label], count }));
}
