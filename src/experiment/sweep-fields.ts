/** What the sweep language knows of a spec's numeric fields. */
export interface NumericField {
  /** Its name in formulas, tables and folder names. */
  name: string;
  /** The whole number that its values are multiples of; null where any number will do. */
  step: 1 | 2 | null;
}

/** Numeric fields by their path: those that formulas may stand in for, and may use by name. */
export const numericFields: ReadonlyMap<string, NumericField> = new Map([
  ['seed', { name: 'seed', step: 1 }],
  ['data.d', { name: 'd', step: 1 }],
  ['data.n', { name: 'n', step: 1 }],
  ['data.nTest', { name: 'nTest', step: 1 }],
  ['data.average', { name: 'average', step: 1 }],
  ['data.components', { name: 'components', step: 1 }],
  ['data.spectrum.exponent', { name: 'exponent', step: null }],
  ['data.spike', { name: 'spike', step: null }],
  ['data.shift', { name: 'shift', step: null }],
  ['target.lambda', { name: 'lambda', step: null }],
  ['target.width', { name: 'target.width', step: 2 }],
  ['target.slope', { name: 'target.slope', step: null }],
  ['network.width', { name: 'width', step: 2 }],
  ['network.depth', { name: 'depth', step: 1 }],
  ['network.channels', { name: 'channels', step: 2 }],
  ['network.filter', { name: 'filter', step: 1 }],
  ['network.slope', { name: 'slope', step: null }],
  ['training.eta', { name: 'eta', step: null }],
  ['training.eta1', { name: 'eta1', step: null }],
  ['training.eta2', { name: 'eta2', step: null }],
  ['training.steps', { name: 'steps', step: 1 }],
  ['training.records.count', { name: 'count', step: 1 }],
]);

/** The paper's names for fields that are called otherwise. */
export const aliases: ReadonlyMap<string, string> = new Map([['m', 'width']]);

/** Fields whose value is a list: there it is no list of points. */
const listFields: ReadonlySet<string> = new Set([
  'data.spectrum.values',
  'data.classes',
  'data.ignore',
  'data.shape',
  'target.coefficients',
  'training.records.steps',
  'training.watched',
  'training.modes',
  'training.rates',
  'training.linear',
  'network.widths',
  'network.shape',
  'network.channels',
  'network.pool',
  'network.gains',
  'claims',
]);

/** Of those, lists of numbers, in whose entries formulas may stand: `"shape": ["d", 1]`. */
export const numericLists: ReadonlySet<string> = new Set([
  'data.shape',
  'training.rates',
  'network.widths',
  'network.shape',
  'network.channels',
  'network.pool',
  'network.gains',
]);

/** Whether a path is that of an entry of such a list: it has no name, in formulas or tables. */
export const isListEntry = (path: string): boolean =>
  /\.\d+$/.test(path) && numericLists.has(path.slice(0, path.lastIndexOf('.')));

/** Fields that with data of the distribution "files" name one file or several, whose rows follow one another. */
const fileFields: ReadonlySet<string> = new Set(['data.x', 'data.y', 'data.xTest', 'data.yTest']);

/** Whether a list under this path is one value of the file's spec, not a list of points. */
export function holdsList(path: string, input: Record<string, unknown>): boolean {
  if (listFields.has(path)) return true;
  const { data } = input;
  return fileFields.has(path) && isObject(data) && data['distribution'] === 'files';
}

/** How a field is called in tables and folder names. */
export function nameOf(path: string): string {
  const numeric = numericFields.get(path);
  if (numeric) return numeric.name;
  return path.startsWith('network.') || !path.includes('.') ? path.replace('network.', '') : shortName(path);
}

/** "data.distribution" → "distribution", but "target.kind" and "data.spectrum.kind" need their holders. */
function shortName(path: string): string {
  const keys = path.split('.');
  const leaf = keys.at(-1)!;
  return keys[0] === 'target' || leaf === 'kind' ? keys.slice(-2).join('.') : leaf;
}

const variablePrefix = 'variables.';

/** Whether a path is that of a free variable, not of a field. */
export const isVariable = (path: string): boolean => path.startsWith(variablePrefix);

/** How a field or free variable is called in tables, folder names and formulas. */
export const axisName = (path: string): string =>
  isVariable(path) ? path.slice(variablePrefix.length) : nameOf(path);

/** The path of a field below another. */
export const pathTo = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
