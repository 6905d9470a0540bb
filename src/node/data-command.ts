import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { type DataFile, readDataFile } from '../data/format.ts';
import { splitMember } from '../data/member.ts';
import { namedClasses } from '../data/image-classes.ts';
import { type StoredArray, rowSize } from '../data/stored-array.ts';
import { CommandError, exitCode, whyUnreadable } from './command-error.ts';
import type { DataContents } from './events.ts';
import { findSet, knownSets } from './known-sets.ts';
import { grouped, paint, printable, wrap } from './text.ts';
import { emit, tell } from './voice.ts';

export interface DataFlags {
  /** The column of a table that has labels. */
  label?: string;
}

/** `first-light data [FILES]`: nothing is downloaded. */
export async function dataCommand(files: string[], { label }: DataFlags): Promise<void> {
  if (files.length > 0) {
    for (const path of files) {
      const described = await describeFile(path, label);
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
      'Read are IDX, CIFAR-10 (binary), .npy, .npz and CSV; IDX and .npy also as .gz. first-light data FILE says what a file holds.',
      78,
    ),
  );
}

const formats = { npy: '.npy', npz: '.npz', idx: 'IDX', 'cifar-10': 'CIFAR-10, binary', csv: 'CSV' } as const;

async function describeFile(path: string, label: string | undefined): Promise<DataContents> {
  const words = new Map<string, number>();
  // A number is that of a column, as in specs.
  const column = label !== undefined && /^[1-9]\d*$/.test(label) ? Number(label) : label;
  let file: DataFile;
  try {
    file = await readDataFile(createReadStream(splitMember(path).file), path, { label: column, words });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new CommandError(exitCode.input, `${path} cannot be read: ${whyUnreadable(error)}.`);
  }
  const { format, array, labels, table } = file;
  const counted = labels ?? (rowSize(array) === 1 ? array : null);
  return {
    format,
    shape: array.shape,
    columns: table?.names ?? null,
    labels: counted && countLabels(counted, words.size > 0 ? [...words.keys()] : namesFor(labels && array)),
  };
}

function inWords({ format, shape, columns, labels }: DataContents): string {
  const named = columns && `; columns ${columns.slice(0, 20).join(', ')}${columns.length > 20 ? ', …' : ''}`;
  const unnamed = format === 'csv' ? '; no line of names' : '';
  const what = `${formats[format]}, ${shape.map(grouped).join(' × ')}${printable(named ?? unnamed)}`;
  if (!labels) return what;
  const shown = labels
    .slice(0, 20)
    .map(({ label, name, count }) => `${label}${name ? ` (${name})` : ''}: ${grouped(count)}`);
  const rest = labels.length - shown.length;
  return `${what}; labels: ${shown.join(', ')}${rest > 0 ? `, and ${grouped(rest)} more` : ''}`;
}

const namesFor = (images: StoredArray | null): readonly string[] | undefined =>
  images ? namedClasses.find(({ pixels }) => pixels === rowSize(images))?.names : undefined;

function countLabels(
  labels: StoredArray,
  names: readonly string[] | undefined,
): NonNullable<DataContents['labels']> {
  const counts = new Map<number, number>();
  for (const label of labels.rows(0, labels.shape[0])) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([label, count]) => ({ label, name: names?.[label], count }));
}
