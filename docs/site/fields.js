// The reference of the fields of a spec, from the JSON Schema that `first-light schema` prints.

/**
 * A table in Markdown with a row a field, in the schema's order; where a field belongs to some kinds of what it is in, they are
 * named.
 * @param {object} schema
 */
export function fieldTable(schema) {
  const rows = rowsOf(schema, '').map((row) => `| ${row.map(cell).join(' | ')} |`);
  return ['| field | values | default | means |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

const cell = (text) => text.replaceAll('|', '\\|');

/** @returns {string[][]} of each field its path, its values, its default, its meaning and which kinds have it */
function rowsOf(schema, path) {
  const variants = (schema.oneOf ?? schema.anyOf ?? [schema]).filter(({ properties }) => properties);
  const kinds = new Map();
  for (const variant of variants) {
    for (const [key, field] of Object.entries(variant.properties)) {
      const text = JSON.stringify([key, withoutConst(field)]);
      const known = kinds.get(text) ?? { key, fields: [], of: [], required: true };
      known.fields.push(field);
      known.of.push(kindOf(variant));
      known.required &&= variant.required?.includes(key) ?? false;
      kinds.set(text, known);
    }
  }
  return [...kinds.values()].flatMap(({ key, fields, of, required }) => {
    const full = path === '' ? key : `${path}.${key}`;
    const [field] = fields;
    const names = fields.every((one) => one.const !== undefined) ? fields.map((one) => one.const) : [];
    const values = names.length > 0 ? alternatives(names.map(code)) : valuesOf(field);
    const whose = ownersOf(of, variants.map(kindOf));
    const within = rowsOf(field, full);
    return [[code(full), values, defaultOf(field, required), whose + (field.description ?? '')], ...within];
  });
}

/** Which kinds have a field, or which have it not where those are fewer; '' where all do, or none has a name. */
function ownersOf(of, all) {
  const named = of.filter((kind) => kind !== '');
  if (of.length === all.length || named.length === 0) return '';
  const others = all.filter((kind) => !of.includes(kind));
  const words =
    others.length < named.length
      ? `not of ${others.map(code).join(', ')}`
      : `of ${named.map(code).join(', ')}`;
  return `_${words}_ `;
}

/** The name that tells a variant from the others, where it has one. */
const kindOf = ({ properties }) =>
  Object.values(properties).find((field) => field.const !== undefined)?.const ?? '';

/** Names of kinds are one field, whatever each is called. */
const withoutConst = (field) => (field.const === undefined ? field : { ...field, const: null });

const code = (value) => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

const defaultOf = (field, required) =>
  field.default !== undefined ? code(field.default) : required ? '_required_' : '';

const alternatives = (words) =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

/** What may stand in a field, in words. */
function valuesOf(field) {
  const choices = field.oneOf ?? field.anyOf;
  if (choices) return alternatives([...new Set(choices.map(valuesOf))]);
  if (field.const !== undefined) return code(field.const);
  if (field.enum)
    return field.enum.length > 9
      ? `${field.enum[0]} to ${field.enum.at(-1)}`
      : alternatives(field.enum.map(code));
  if (Array.isArray(field.type)) return alternatives(field.type.map((type) => valuesOf({ ...field, type })));
  switch (field.type) {
    case 'integer':
    case 'number':
      return numbers(field);
    case 'boolean':
      return '`true` or `false`';
    case 'string':
      return field.examples ? `${field.examples.map(code).join(', ')}, …` : 'text';
    case 'array':
      return listOf(field);
    case 'object':
      return 'the fields below';
    default:
      throw new Error(
        `A field of the schema has the type ${field.type}, for which the reference has no words yet.`,
      );
  }
}

function listOf({ items, minItems, maxItems }) {
  const [item] = [items].flat();
  const many = minItems === maxItems && minItems !== undefined ? `${minItems} ` : '';
  return `a list of ${many}entries, each ${valuesOf(item)}`;
}

function numbers({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }) {
  const parts = [type === 'integer' ? (multipleOf === 2 ? 'an even number' : 'a whole number') : 'a number'];
  // Greater ones are no whole numbers in JSON.
  const most = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (exclusiveMinimum !== undefined) parts.push(`above ${shown(exclusiveMinimum)}`);
  if (minimum !== undefined) parts.push(`from ${shown(minimum)}`);
  if (exclusiveMaximum !== undefined) parts.push(`below ${shown(exclusiveMaximum)}`);
  if (most !== undefined) parts.push(`to ${shown(most)}`);
  return parts.join(' ');
}

const shown = (value) => {
  const exponent = Math.log10(Math.abs(value));
  return Number.isInteger(exponent) && Math.abs(exponent) > 4
    ? `${value < 0 ? '−' : ''}10^${exponent}`
    : String(value).replace('-', '−');
};
