import type { Columns } from '../../src/data/csv.ts';
import { mutatedText } from './documents.ts';
import type { Random } from './random.ts';

const fields = [
  '1',
  '-2.5',
  '3e-4',
  ' 7 ',
  '0',
  '1e400',
  'nan',
  '',
  'cat',
  '"8"',
  '"a ""b"""',
  '"\n"',
  'é',
  '"',
];

/** A table in CSV, as it should be or not, and what is asked of its columns. */
export function someTable(random: Random): { bytes: ArrayBuffer; columns: Columns } {
  const [separator, end] = [random.pick([',', ';', '\t']), random.pick(['\n', '\r\n', '\r'])];
  const width = 1 + random.below(4);
  const known = random.chance(0.6) ? 4 : fields.length;
  const row = (): string =>
    Array.from({ length: random.chance(0.03) ? width + 1 : width }, () => fields[random.below(known)]).join(
      separator,
    );
  const names = ['a', 'b', 'label', ''].slice(0, width).join(separator);
  const lines = [...(random.chance(0.5) ? [names] : []), ...Array.from({ length: random.below(5) }, row)];
  const text = `${random.chance(0.1) ? '\ufeff' : ''}${lines.join(end)}${random.chance(0.7) ? end : ''}`;
  const bytes = new TextEncoder().encode(random.chance(0.3) ? mutatedText(random, text) : text);
  if (random.chance(0.1) && bytes.length > 0) bytes[random.below(bytes.length)] = random.below(256);
  const column = (): number | string => random.pick([1, 2, 9, 'a', 'label', 'none']);
  return {
    bytes: bytes.slice().buffer,
    columns: {
      ...(random.chance(0.4) && { label: column() }),
      ...(random.chance(0.2) && { ignore: [column()] }),
      ...(random.chance(0.2) && { header: random.chance(0.5) }),
    },
  };
}
