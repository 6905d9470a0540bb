import { describe, expect, test } from 'vitest';
import { indented } from '../../shaders/parts/indented.ts';
import { rolled, unrolled } from '../../shaders/parts/unroll.ts';

describe('unrolled', () => {
  test('repeats the body for every turn, in a scope of its own where it declares', () => {
    expect(unrolled('@unroll for (var i = 0u; i < 2u; i++) {\n  a[i] = b.i + i;\n}')).toBe(
      'a[0u] = b.i + 0u;\na[1u] = b.i + 1u;',
    );
    expect(unrolled('@unroll for (var i = 0u; i < 2u; i++) {\n  let x = i;\n  f(x);\n}')).toBe(
      '{\nlet x = 0u;\n  f(x);\n}\n{\nlet x = 1u;\n  f(x);\n}',
    );
  });

  test('takes the number of turns from a const, and loops within loops', () => {
    const text = `const n = 2u;
@unroll for (var i = 0u; i < n; i++) {
  @unroll for (var j = 0u; j < 3u; j++) {
    s[i][j] += p[i];
  }
}
for (var k = 0u; k < n; k++) { }`;
    const lines = unrolled(text).split('\n');
    expect(lines.filter((line) => line.includes('+='))).toEqual(
      [0, 1].flatMap((i) => [0, 1, 2].map((j) => `s[${i}u][${j}u] += p[${i}u];`)),
    );
    expect(lines.at(-1)).toBe('for (var k = 0u; k < n; k++) { }');
    expect(rolled(text)).not.toContain('@unroll');
  });

  test('no turn leaves nothing', () => {
    expect(unrolled('a;@unroll for (var i = 0u; i < 0u; i++) { b; }c;')).toBe('a;c;');
  });

  test.for([
    ['@unroll for (var i = 1u; i < 4u; i++) { }', /var i = 1u.*cannot be unrolled/],
    ['@unroll for (var i = 0u; i < 4u; j++) { }', /step i/],
    ['@unroll for (var i = 0u; i < many; i++) { }', /const many/],
    ['@unroll for (var i = 0u; i < 4u; i++) { {', /does not end/],
  ] as const)('refuses %s', ([code, words]) => {
    expect(() => unrolled(code)).toThrow(words);
  });
});

test('indented puts every line as far in as it belongs', () => {
  expect(indented('\n\nfn f(\na: u32,\n) {\n\n\nif (a) { // {\nb();\n}\n\n\nc();\n\n}')).toBe(
    'fn f(\n  a: u32,\n) {\n  if (a) { // {\n    b();\n  }\n\n  c();\n}\n',
  );
});
