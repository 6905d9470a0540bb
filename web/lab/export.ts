import { jsonPieces } from '../../src/experiment/json-text.ts';
import { csvHeader, csvRow } from '../../src/experiment/records-csv.ts';
import { documentOf } from '../../src/experiment/result-document.ts';
import type { RunResult, StepRecord } from '../../src/experiment/result.ts';
import type { Spec } from '../../src/experiment/spec.ts';
import { specText } from './command.ts';
import { fileName } from './file-name.ts';
import type { Controller } from './controller.ts';

/** A file to be saved. */
export interface NamedFile {
  name: string;
  blob: Blob;
}

export const specFile = (spec: Spec): NamedFile => ({
  name: `${fileName(spec.name)}.json`,
  blob: new Blob([specText(spec)], { type: 'application/json' }),
});

/** The same columns and digits as the command line's records.csv; there is nothing to write before the first record. */
export function recordsFile({ name }: Spec, records: readonly StepRecord[]): NamedFile | null {
  if (records.length === 0) return null;
  const lines = [csvHeader(records[0]), ...records.map(csvRow)];
  return {
    name: `${fileName(name)}-records.csv`,
    blob: new Blob([`${lines.join('\n')}\n`], { type: 'text/csv' }),
  };
}

/** The whole result, as the command line's result.json. */
export const resultFile = (result: RunResult): NamedFile => ({
  name: `${fileName(result.spec.name)}-result.json`,
  blob: new Blob([...jsonPieces(documentOf(result))], { type: 'application/json' }),
});

/** The arrays at the step on the screen, one .npy file each. */
export async function arrayFiles(controller: Controller): Promise<NamedFile[]> {
  return [...(await controller.arrays())].map(([name, blob]) => ({ name, blob }));
}

/** Has the browser save a file. */
export function save({ name, blob }: NamedFile): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has to have begun by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Has the browser save several files, one after the other: browsers drop what comes too fast. */
export async function saveAll(files: readonly NamedFile[]): Promise<void> {
  for (const file of files) {
    save(file);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
