import {
  type Attribute,
  type Declared,
  LayoutReader,
  type StructLayout,
  type StructMember,
} from './wgsl-layout.ts';
import { type Word, WordReader, notUnderstood, wordsOf } from './wgsl-words.ts';

export interface StorageBinding {
  readonly name: string;
  readonly index: number;
  readonly access: 'read' | 'read_write';
}

/** Where in a text a variable is declared: its first attribute, `var` and its name. */
export interface Declaration {
  readonly attributes: number;
  readonly variable: number;
  readonly name: number;
}

/** What a shader has its host bind, and what it can be begun at. */
export interface ShaderInterface {
  /** `var<storage>` of group 0, in the order of the text. */
  readonly storage: readonly StorageBinding[];
  /** The struct of the `var<uniform>` at group 1, binding 0, where there is one, and where that is declared. */
  readonly parameters: { readonly layout: StructLayout; readonly at: Declaration } | undefined;
  /** Names of the functions with @compute. */
  readonly entryPoints: readonly string[];
}

/** A variable of the module with `@group` and `@binding`: `var` and what stands after it, up to the semicolon. */
interface Resource {
  readonly words: readonly Word[];
  readonly attributes: readonly Attribute[];
  readonly at: Declaration;
  /** What stands in var<…>: address space and access. */
  readonly space: readonly string[];
  readonly name: string;
  readonly type: readonly Word[];
}

const convention =
  'Program binds storage buffers of group 0, var<storage> or var<storage, read_write>, and one struct of parameters, @group(1) @binding(0) var<uniform>.';

/**
 * Reads the interface of a shader that compiles, so that the text is its one source. Functions and constants are passed over.
 * @throws ShaderError with line, column and words where a resource or a parameter is of a kind that is not supported.
 */
export function readInterface(label: string, code: string): ShaderInterface {
  const refuse = (words: readonly Word[], why: string) => notUnderstood(label, code, words, why);
  const { resources, entryPoints, declared } = readModule(code, refuse);
  const layouts = new LayoutReader(declared, refuse);
  const storage: StorageBinding[] = [];
  let parameters: ShaderInterface['parameters'];
  for (const { words, at, attributes, space, name, type } of resources) {
    const [group, binding] = ['group', 'binding'].map((attribute) =>
      layouts.whole(attributes.find((given) => given.name === attribute)!.argument, `@${attribute}`),
    );
    const [kind, access = 'read'] = space;
    if (kind === 'storage' && group === 0 && (access === 'read' || access === 'read_write')) {
      const other = storage.find(({ index }) => index === binding);
      if (other) throw refuse(words, `${other.name} has the binding ${binding} already.`);
      storage.push({ name, index: binding, access });
    } else if (kind === 'uniform' && group === 1 && binding === 0) {
      const layout = layouts.layout(type);
      if (layout.kind !== 'struct') throw refuse(words, convention);
      if (parameters) throw refuse(words, `${parameters.layout.name} is at group 1, binding 0, already.`);
      parameters = { layout, at };
    } else throw refuse(words, `group ${group}, binding ${binding}. ${convention}`);
  }
  return { storage, parameters, entryPoints };
}

interface Module {
  declared: Declared;
  resources: Resource[];
  entryPoints: string[];
}

function readModule(code: string, refuse: (words: readonly Word[], why: string) => Error): Module {
  const [structs, aliases, constants] = [
    new Map<string, StructMember[]>(),
    new Map<string, Word[]>(),
    new Map<string, Word[]>(),
  ];
  const module: Module = { declared: { structs, aliases, constants }, resources: [], entryPoints: [] };
  const reader = new WordReader(wordsOf(code));
  while (!reader.done) {
    const attributes = readAttributes(reader);
    const begin = reader.take();
    switch (begin.text) {
      case ';':
        break;
      case 'fn': {
        const { text: name } = reader.take();
        reader.upTo('{', 'expression');
        reader.upTo('}', 'expression');
        if (attributes.some((attribute) => attribute.name === 'compute')) module.entryPoints.push(name);
        break;
      }
      case 'struct': {
        const { text: name } = reader.take();
        reader.take();
        structs.set(name, readMembers(new WordReader(reader.upTo('}', 'expression'))));
        break;
      }
      case 'var': {
        const resource = readVariable(begin, attributes, reader);
        if (attributes.some((attribute) => attribute.name === 'binding')) module.resources.push(resource);
        break;
      }
      case 'alias':
      case 'const': {
        const { text: name } = reader.take();
        reader.upTo('=', 'type');
        (begin.text === 'alias' ? aliases : constants).set(name, reader.upTo(';', 'expression'));
        break;
      }
      case 'override':
      case 'const_assert':
      case 'enable':
      case 'requires':
      case 'diagnostic':
        reader.upTo(';', 'expression');
        break;
      default:
        throw refuse([...attributes.flatMap(({ words }) => words), begin], 'this begins no declaration.');
    }
  }
  return module;
}

function readAttributes(reader: WordReader): Attribute[] {
  const attributes: Attribute[] = [];
  for (let sign = reader.takes('@'); sign; sign = reader.takes('@')) {
    const name = reader.take();
    const argument = reader.takes('(') ? reader.upTo(')', 'expression') : [];
    attributes.push({ at: sign.at, name: name.text, words: [name, ...argument], argument });
  }
  return attributes;
}

function readMembers(reader: WordReader): StructMember[] {
  const members: StructMember[] = [];
  while (!reader.done) {
    const attributes = readAttributes(reader);
    const name = reader.take();
    reader.take();
    members.push({ attributes, name, type: reader.upTo(',', 'type') });
  }
  return members;
}

function readVariable(begin: Word, attributes: readonly Attribute[], reader: WordReader): Resource {
  const space = reader.takes('<') ? reader.upTo('>', 'type') : [];
  const rest = reader.upTo(';', 'expression');
  const [name, , ...type] = rest;
  return {
    words: [...attributes.flatMap(({ words }) => words), begin, ...space, ...rest],
    at: { attributes: attributes[0]?.at ?? begin.at, variable: begin.at, name: name.at },
    attributes,
    space: space.filter(({ text }) => text !== ',').map(({ text }) => text),
    name: name.text,
    type: new WordReader(type).upTo('=', 'type'),
  };
}
