import { type Word, WordReader, wholeNumber } from './wgsl-words.ts';

export type ScalarType = 'f32' | 'i32' | 'u32';

/** How a value of a type lies in memory: bytes, by the WGSL specification, section 14.4.1 (alignment and size). */
export type Layout = NumbersLayout | ArrayLayout | StructLayout;

interface Extent {
  readonly size: number;
  readonly align: number;
}

/** A scalar, a vector or a matrix, which is its columns one after the other. */
export interface NumbersLayout extends Extent {
  readonly kind: 'scalar' | 'vector' | 'matrix';
  readonly type: ScalarType;
  readonly offsets: readonly number[];
}

export interface ArrayLayout extends Extent {
  readonly kind: 'array';
  readonly element: Layout;
  readonly count: number;
  readonly stride: number;
}

export interface StructLayout extends Extent {
  readonly kind: 'struct';
  readonly name: string;
  readonly members: readonly { readonly name: string; readonly offset: number; readonly layout: Layout }[];
}

export interface Attribute {
  /** Index in the text of its @. */
  readonly at: number;
  readonly name: string;
  readonly words: readonly Word[];
  readonly argument: readonly Word[];
}

/** What a module declares that types and whole numbers may refer to. */
export interface Declared {
  readonly structs: ReadonlyMap<string, readonly StructMember[]>;
  readonly aliases: ReadonlyMap<string, readonly Word[]>;
  /** Words after the = of each `const`. */
  readonly constants: ReadonlyMap<string, readonly Word[]>;
}

export interface StructMember {
  readonly name: Word;
  readonly attributes: readonly Attribute[];
  readonly type: readonly Word[];
}

/** What is thrown where these words are not understood. */
export type Refusal = (words: readonly Word[], why: string) => Error;

/** Which vectors and matrices there are: vec3<f32> and its short name vec3f, mat2x4<f32> and mat2x4f. */
const composite = /^(?:vec|mat([234])x)([234])([fiuh]?)$/;
const shortTypes: Record<string, string> = { f: 'f32', i: 'i32', u: 'u32', h: 'f16' };
const understood =
  'f32, i32, u32, vectors and matrices of them, arrays of a fixed size, and structs of all these';

const roundUp = (align: number, size: number): number => Math.ceil(size / align) * align;

/** Lays out types whose values the host writes. */
export class LayoutReader {
  readonly #declared: Declared;
  readonly #refuse: Refusal;
  /** Structs around the type that is read. */
  #depth = 0;

  constructor(declared: Declared, refuse: Refusal) {
    this.#declared = declared;
    this.#refuse = refuse;
  }

  layout(type: readonly Word[]): Layout {
    const reader = new WordReader(type);
    const { text: name } = reader.take();
    const list = reader.takes('<') ? new WordReader(reader.upTo('>', 'type')) : undefined;
    const args: Word[][] = [];
    while (list && !list.done) args.push(list.upTo(',', 'type'));
    // What a module declares goes before what WGSL calls so.
    const alias = this.#declared.aliases.get(name);
    if (alias) return this.layout(alias);
    const members = this.#declared.structs.get(name);
    if (members) return this.#struct(name, members);
    if (name === 'array' && args.length === 2) return this.#array(args[0], args[1]);
    const [isComposite, columns = '1', rows = '1', short = ''] = composite.exec(name) ?? [];
    const element = isComposite ? (shortTypes[short] ?? this.#name(args[0])) : name;
    if (element !== 'f32' && element !== 'i32' && element !== 'u32') {
      throw this.#refuse(type, `a parameter is of ${understood}.`);
    }
    return numbers(element, Number(columns), Number(rows), name.startsWith('mat'));
  }

  /** A scalar type's name behind its aliases. */
  #name(type: readonly Word[]): string {
    const alias = this.#declared.aliases.get(type[0].text);
    return alias ? this.#name(alias) : type[0].text;
  }

  #array(elementType: readonly Word[], length: readonly Word[]): ArrayLayout {
    const element = this.layout(elementType);
    const count = this.whole(length, 'the length of an array');
    const stride = roundUp(element.align, element.size);
    return { kind: 'array', element, count, stride, size: count * stride, align: element.align };
  }

  #struct(name: string, members: readonly StructMember[]): StructLayout {
    let [end, largest, natural] = [0, 1, 1];
    this.#depth++;
    const placed = members.map((member) => {
      const layout = this.layout(member.type);
      const given = (attribute: string) => {
        const found = member.attributes.find((candidate) => candidate.name === attribute);
        return found && this.whole(found.argument, `@${attribute}`);
      };
      const align = given('align') ?? layout.align;
      const offset = roundUp(align, end);
      end = offset + (given('size') ?? layout.size);
      largest = Math.max(largest, align);
      natural = Math.max(natural, layout.align);
      return { name: member.name.text, offset, layout };
    });
    this.#depth--;
    if (this.#depth > 0 && largest > natural) {
      // Firefox's compiler takes such a struct for one of the alignment of its types (its version 153).
      const { words } = members.flatMap(({ attributes }) => attributes).find((one) => one.name === 'align')!;
      throw this.#refuse(
        words,
        `browsers differ in where they put a struct that asks for more than its types do and lies in another. Give the outer struct's member the @align.`,
      );
    }
    return { kind: 'struct', name, members: placed, size: roundUp(largest, end), align: largest };
  }

  /** A whole number that is written out, or a `const` that is one. */
  whole(expression: readonly Word[], what: string): number {
    const [first, ...rest] = expression;
    const constant = this.#declared.constants.get(first.text);
    const single = rest.length === 0 || (rest.length === 1 && rest[0].text === ',');
    const value = !single ? undefined : constant ? this.whole(constant, what) : wholeNumber(first);
    if (value === undefined) {
      throw this.#refuse(
        expression,
        `${what} is a whole number, written out or the name of a const that is.`,
      );
    }
    return value;
  }
}

function numbers(type: ScalarType, columns: number, rows: number, isMatrix: boolean): NumbersLayout {
  const align = rows === 1 ? 4 : rows === 2 ? 8 : 16;
  const stride = isMatrix ? align : 4 * rows;
  const offsets = Array.from({ length: columns * rows }, (_, k) => {
    return Math.floor(k / rows) * stride + 4 * (k % rows);
  });
  const kind = isMatrix ? 'matrix' : rows === 1 ? 'scalar' : 'vector';
  return { kind, type, offsets, size: columns * stride, align };
}
