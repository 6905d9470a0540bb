import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { app } from './lab/served-lab.ts';

const file = new URL('../../docs/site/address.js', import.meta.url);
const { atAddress } = (await import(file.href)) as { atAddress: (html: string, address: string) => string };
const page = readFileSync(new URL('index.html', `file://${app}`), 'utf8');

test.each(['https://someone.github.io/first-light', 'https://someone.github.io/first-light/'])(
  'at %s the page names its picture with the whole address, as those who read it ask for',
  (address) => {
    const found = new Map(
      [...atAddress(page, address).matchAll(/<meta property="(og:[\w:]+)" content="([^"]*)"/g)].map(
        ([, property, content]) => [property, content],
      ),
    );
    expect(found.get('og:image')).toBe('https://someone.github.io/first-light/thumbnail.png');
    expect(found.get('og:url')).toBe('https://someone.github.io/first-light/');
    expect(found.get('og:title')).toBe('First Light');
  },
);

test('a page without a picture, or an address that is none, is refused in words', () => {
  expect(() => atAddress('<html></html>', 'https://someone.github.io/')).toThrow(/has no picture.*npm ci/);
  expect(() => atAddress(page, 'someone.github.io')).toThrow(/Invalid URL/);
});
