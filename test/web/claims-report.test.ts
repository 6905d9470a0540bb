import { describe, expect, it } from 'vitest';
import type { ClaimsDocument } from '../../src/experiment/claims-document.ts';
import { runFigures } from '../../web/figures/run-figures.ts';
import { claimsFigures, renderClaimsReport } from '../../web/report/claims-report.ts';
import { renderRunReport } from '../../web/report/run-report.ts';
import { measuredResult, sampleClaims, sampleTexts } from './sample-claims.ts';
import { sampleResult } from './sample-result.ts';

const hostile = `</title><script>alert(1)</script><img src="https://example.org/x" onerror='alert(2)'>&amp;"`;
const parse = (markup: string): Document => new DOMParser().parseFromString(markup, 'text/html');
const squeezed = (element: Element): string => element.textContent.replaceAll(/\s+/g, ' ');

const render = (document: ClaimsDocument): string =>
  renderClaimsReport(document, { figures: claimsFigures(document, sampleTexts), texts: sampleTexts });

function hostileClaims(): ClaimsDocument {
  const document = sampleClaims(hostile);
  document.adapter!.description = hostile;
  document.provenance.environment = hostile;
  for (const group of document.groups) {
    group.title = group.purpose = hostile;
    for (const point of group.points) {
      point.label = hostile;
      if (point.failure !== null) point.failure = hostile;
    }
  }
  return document;
}

/** As it is read back from JSON. */
const reread = (document: ClaimsDocument): ClaimsDocument =>
  JSON.parse(JSON.stringify(document)) as ClaimsDocument;

const nothing = (): ClaimsDocument => ({ ...sampleClaims(), claims: [], groups: [], adapter: null });

function onlyOutside(): ClaimsDocument {
  const document = sampleClaims();
  const outside = new Set(document.groups.filter((group) => group.outside).map(({ slug }) => slug));
  return { ...document, claims: document.claims.filter(({ group }) => outside.has(group)) };
}

const reports: [string, () => string][] = [
  ['a suite', () => render(sampleClaims())],
  ['a suite read back', () => render(reread(sampleClaims()))],
  ['a hostile suite', () => render(hostileClaims())],
  ['nothing', () => render(nothing())],
  ['settings outside the assumptions', () => render(onlyOutside())],
  ['claims without their texts', () => renderClaimsReport(sampleClaims(), { figures: [], texts: [] })],
];

describe.each(reports)('the report of %s', (_, markup) => {
  it('asks for nothing from outside and runs nothing', () => {
    const page = parse(markup());
    const foreign =
      'script, link, img, iframe, object, embed, base, form, [src], [srcset], [onerror], [onload]';
    expect(page.querySelectorAll(foreign)).toHaveLength(0);
    const links = [...page.querySelectorAll('[href]')].map((link) => link.getAttribute('href')!);
    expect(links.filter((link) => !link.startsWith('#'))).toEqual(['https://arxiv.org/abs/2006.14599']);
    for (const link of links.filter((one) => one.startsWith('#'))) {
      expect(page.querySelectorAll(link), link).toHaveLength(1);
    }
  });

  it('says nothing that is no value', () => {
    const text = squeezed(parse(markup()).querySelector('article')!);
    expect(text).not.toMatch(/\bNaN|Infinity|undefined|\bnull\b|\[object/);
  });
});

describe('renderClaimsReport', () => {
  const document = sampleClaims();
  const page = parse(render(document));
  const numbers = [...new Set(document.claims.map(({ claim }) => claim))];
  const within = (summary: ClaimsDocument['claims'][number]): boolean =>
    !document.groups.find(({ slug }) => slug === summary.group)!.outside;

  it('has every claim in the table and in a section of its own', () => {
    const table = page.querySelector('#claims table')!;
    const heads = [...table.querySelectorAll('.claim')].map((head) => head.querySelector('b')!.textContent);
    expect(heads).toEqual(numbers.map(String));
    expect(table.querySelectorAll('tbody tr:not(.claim-head)')).toHaveLength(
      document.claims.filter(within).length,
    );
    for (const number of numbers) {
      const section = page.querySelector(`#claim-${number}`)!;
      const { title } = sampleTexts.find((text) => text.number === number)!;
      expect(squeezed(section.querySelector('h2')!)).toBe(`${number}. ${title}`);
      expect(section.querySelector('.statement')).not.toBeNull();
    }
  });

  it('lists its sections, every claim among them', () => {
    const listed = [...page.querySelectorAll('.contents a')].map((link) =>
      link.getAttribute('href')!.slice(1),
    );
    expect(listed).toEqual([...page.querySelectorAll('section')].map(({ id }) => id));
    expect(listed).toEqual(expect.arrayContaining(numbers.map((number) => `claim-${number}`)));
  });

  it('gives each setting its verdict in a word', () => {
    const words = [...page.querySelectorAll('#claims tbody .word')].map(({ textContent }) => textContent);
    expect(words).toEqual(document.claims.filter(within).map(({ verdict }) => verdict));
    expect(new Set(words)).toEqual(new Set(['holds', 'fails', 'undecided', 'conditions not met']));
  });

  it('shows every figure once', () => {
    const figures = claimsFigures(document, sampleTexts);
    expect(page.querySelectorAll('figure > svg')).toHaveLength(figures.length);
  });

  it('sets apart where the claims fail, and says why', () => {
    const outside = page.querySelector('#outside')!;
    const words = [...outside.querySelectorAll('.word')].map((word) => word.textContent);
    expect(words.filter((word) => word === 'fails outside')).toHaveLength(2);
    expect(words).not.toContain('fails');
    expect(words).not.toContain('holds');
    expect(squeezed(outside)).toContain('Not met: mean 0, Tr Σ = d, ‖Σ‖ = O(1).');
    expect(squeezed(page.querySelector('#claims')!)).not.toContain('Student');
  });

  it('says what failed and for what reason', () => {
    expect(squeezed(page.querySelector('header .notice')!)).toContain(
      '1 run failed and is in no number below',
    );
    const failed = squeezed(page.querySelector('#failed')!);
    expect(failed).toContain('d = 400, seed 2');
    expect(failed).toContain('The GPU ran out of memory while allocating');
    expect(parse(render(onlyOutside())).querySelector('#failed')).not.toBeNull();
    expect(parse(render(nothing())).querySelector('#failed')).toBeNull();
  });

  it('tells the rule of the verdicts and what was granted', () => {
    expect(squeezed(page.querySelector('#verdicts')!)).toContain('leave their constants open');
    expect(squeezed(page.querySelector('#claim-1')!)).toContain('Constant granted');
  });

  it('escapes a hostile title and keeps it readable', () => {
    expect(parse(render(hostileClaims())).title).toBe(hostile);
  });
});

describe('a run that measured claims', () => {
  const sectionOf = (markup: string): Element | undefined =>
    [...parse(markup).querySelectorAll('section')].find(
      (section) => section.querySelector('h2')!.textContent === 'Claim by claim',
    );

  it('has them in its report and their curves among its figures', () => {
    const result = measuredResult();
    const section = sectionOf(renderRunReport(result, { texts: sampleTexts }))!;
    expect(section.querySelectorAll('.claim')).toHaveLength(result.claims.length);
    const figures = runFigures(result, undefined, sampleTexts);
    expect(section.querySelectorAll('figure')).toHaveLength(
      figures.length - runFigures(sampleResult()).length,
    );
    expect(squeezed(section)).toContain('Concentration of the data');
  });

  it('has no such section where there are none', () => {
    expect(sectionOf(renderRunReport(sampleResult()))).toBeUndefined();
  });
});
