import * as z from 'zod/mini';
import { entriesOf } from './list-of.ts';
import { schema } from './spec-fields.ts';

/** A JSON Schema, of draft 7, which editors know best. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Written on top of a schema. */
export const draft = 'http://json-schema.org/draft-07/schema#';

/** What a spec may say, as far as a field can be judged by itself; how fields go together, parseSpec knows. */
export const specSchema = (): JsonSchema => ({
  $schema: draft,
  title: 'An experiment of First Light',
  ...jsonSchemaOf(schema),
});

function jsonSchemaOf(of: z.ZodMiniType): JsonSchema {
  const made = z.toJSONSchema(of, {
    io: 'input',
    target: 'draft-07',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const entry = entriesOf.get(zodSchema);
      if (entry) Object.assign(jsonSchema, jsonSchemaOf(entry));
    },
  }) as JsonSchema;
  delete made.$schema;
  return made;
}
