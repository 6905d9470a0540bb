import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../src/experiment/result.ts';
import {
  type Reproduction,
  renderReproductionReport,
  reproductionFigures,
} from '../../web/report/reproduction-report.ts';
import { renderRunReport } from '../../web/report/run-report.ts';
import { sampleFirstLayer } from './sample-first-layer.ts';
import { divergedResult, sampleResult } from './sample-result.ts';

const hostile = `</title><script>alert(1)</script><img src="https://example.org/x" onerror='alert(2)'>&amp;"`;
const parse = (markup: string): Document => new DOMParser().parseFromString(markup, 'text/html');
const squeezed = (element: Element): string => element.textContent.replaceAll(/\s+/g, ' ');

function reproduction(): Reproduction {
  return {
    title: 'The experiment',
    runs: [
      { label: 'erf, first layer', result: sampleResult({ layers: 'first' }) },
      { label: 'erf, both layers', result: sampleResult() },
      { label: 'erf, both layers', result: divergedResult() },
    ],
    sweep: {
      label: 'erf',
      results: [20, 40, 80].map((d) => sampleResult({ d, discrepancy: (step) => (step > 0 ? 3 / d : 0) })),
    },
    size: 'small',
  };
}

const reports: [string, () => string][] = [
  ['a run', () => renderRunReport(sampleResult({ linearized: true }))],
  [
    'a run on images',
    () => renderRunReport({ ...sampleResult(), firstLayer: sampleFirstLayer([8, 8, 3], { movement: 0 }) }),
  ],
  ['a run without test set', () => renderRunReport(sampleResult({ test: false, targets: [] }))],
  ['a run with one record', () => renderRunReport(sampleResult({ steps: [0] }))],
  ['a run without records', () => renderRunReport(sampleResult({ steps: [] }))],
  ['a run with d = 1', () => renderRunReport(sampleResult({ d: 1 }))],
  ['a diverged run', () => renderRunReport(divergedResult())],
  ['a hostile run', () => renderRunReport(hostileResult())],
  ['a reproduction', () => renderReproductionReport(reproduction())],
  [
    'a reproduction cut short',
    () => renderReproductionReport({ ...reproduction(), runs: [], sweep: { label: '', results: [] } }),
  ],
  [
    'a hostile reproduction',
    () =>
      renderReproductionReport({
        title: hostile,
        runs: [{ label: hostile, result: hostileResult() }],
        sweep: { label: hostile, results: [hostileResult()] },
        size: 'paper',
      }),
  ],
];

function hostileResult(): RunResult {
  const result = sampleResult({ name: hostile });
  result.adapter.description = hostile;
  result.adapter.features = [hostile];
  return result;
}

describe.each(reports)('the report of %s', (_, render) => {
  it('asks for nothing from outside and runs nothing', () => {
    const page = parse(render());
    const foreign =
      'script, link, img, iframe, object, embed, base, form, [src], [srcset], [onerror], [onload]';
    expect(page.querySelectorAll(foreign)).toHaveLength(0);
    const links = [...page.querySelectorAll('[href]')].map((link) => link.getAttribute('href'));
    expect(links).toEqual(['https://arxiv.org/abs/2006.14599']);
    const style = [...page.querySelectorAll('style')].map(({ textContent }) => textContent).join('');
    expect(style).not.toMatch(/url\(|@import|https?:/);
    expect(page.querySelector('meta[name="viewport"]')).not.toBeNull();
  });

  it('says nothing that is no value', () => {
    const text = squeezed(parse(render()).querySelector('article')!);
    expect(text).not.toMatch(/\bNaN|Infinity|undefined|\bnull\b|\[object/);
  });
});

describe('renderRunReport', () => {
  it('escapes a hostile name and keeps it readable', () => {
    const page = parse(renderRunReport(hostileResult()));
    expect(page.title).toBe(hostile);
    expect(page.querySelector('h1')!.textContent).toBe(hostile);
  });

  it('carries the spec, the figures and the command', () => {
    const result = sampleResult();
    const page = parse(renderRunReport(result, { command: 'npx first-light run mine.json' }));
    const codes = [...page.querySelectorAll('pre')].map(({ textContent }) => textContent);
    expect(codes).toContain('npx first-light run mine.json');
    expect(codes.map(parseJson)).toContainEqual(result.spec);
    expect(page.querySelectorAll('figure > svg')).toHaveLength(4);
    expect([...page.querySelectorAll('figcaption')].every((caption) => caption.textContent.trim())).toBe(
      true,
    );
  });

  it('names the browser that computed it in its command, unless that is the usual one', () => {
    const of = (environment: string): string => {
      const result = sampleResult();
      return renderRunReport({ ...result, provenance: { ...result.provenance, environment } });
    };
    expect(of('Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0')).toContain(
      'npx first-light run spec.json --browser firefox<',
    );
    expect(of('Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/150.0.0.0 Safari/537.36')).toContain(
      'npx first-light run spec.json<',
    );
  });

  it('quotes what the records hold', () => {
    const text = squeezed(parse(renderRunReport(sampleResult())).querySelector('header')!);
    // The largest record up to t = 19.56 is at t = 16: 0.0016 on training points, 1.2 times that on test points.
    expect(text).toContain(
      'at most 0.00160 in mean square on the training points and 0.00192 on the test points',
    );
    // 1e-4 t first exceeds 0.01 beyond t = 100; ½ exp(−t/60) is first below 0.257 beyond t = 39.9.
    expect(text).toContain('first exceeded 0.01 at the recorded step t = 128.');
    expect(text).toContain('At the recorded step t = 64 the network’s training loss was first below');
    expect(text).toContain('up to 400 steps');
  });

  it('says where the models part, and why', () => {
    const said = (result: RunResult) =>
      squeezed(parse(renderRunReport(result)).querySelector('header')!).replace(/\s+/g, ' ');
    const steps = [0, 1, 100, 200, 250, 400, 500];
    // ‖f_lin‖²/n → 0.45: 1e-4 t exceeds 5 % of it beyond t = 225, its half beyond 450, its thirtieth never.
    const text = said(sampleResult({ steps, linearized: true }));
    expect(text).toContain(
      'network and linear model part by more than 5 % of ‖flin‖²/n between the recorded steps t = 200 and t = 250.',
    );
    expect(text).toContain(
      'leaves the linear model by t = 500, and the network its linearization at no recorded step.',
    );
    expect(text).toContain('the kernel at t = 0');
    expect(text).toContain('At t = 250 the kernel’s part is 2.8 % and that of movement 0.19 %.');
    expect(said(sampleResult({ steps }))).toContain('With the linearized network (training.linearized)');
    expect(said(sampleResult({ steps: [0, 1, 2] }))).toContain('stayed within 5 % of ‖flin‖²/n');
  });

  it('has a table and a figure of modes, and one of alignment, where they were measured', () => {
    const page = parse(renderRunReport(sampleResult({ modes: true })));
    expect(page.querySelectorAll('figure > svg')).toHaveLength(6);
    const heads = [...page.querySelectorAll('h2')].map(({ textContent }) => textContent);
    expect(heads).toContain('Errors along the modes of the linear model');
    const text = squeezed(page.querySelector('article')!);
    expect(text).toContain('which has 50 of eigenvalue other than 0');
    expect(text).toContain('standard errors of at most 0.0040');
  });

  it('says first that a run diverged or was stopped', () => {
    const notice = (result: RunResult) => parse(renderRunReport(result)).querySelector('header .notice');
    expect(squeezed(notice(divergedResult())!)).toContain('The network diverged at step 3 of 400');
    const stopped = sampleResult({ status: { kind: 'stopped', step: 64 } });
    expect(squeezed(notice(stopped)!)).toContain('Stopped at step 64 of 400');
    expect(notice(sampleResult())).toBeNull();
  });
});

describe('renderReproductionReport', () => {
  it('has the three panels, two figures for each run, and slugs that differ', () => {
    const figures = reproductionFigures(reproduction());
    expect(figures.panels.map(({ slug }) => slug)).toEqual([
      'panel-a-loss',
      'panel-b-outputs',
      'panel-c-discrepancy-against-d',
    ]);
    const slugs = figures.comparisons.flatMap((comparison) => comparison.figures.map(({ slug }) => slug));
    expect(new Set(slugs).size).toBe(6);
    const page = parse(renderReproductionReport(reproduction(), { figures }));
    expect(page.querySelectorAll('figure > svg')).toHaveLength(9);
    const captions = [...page.querySelectorAll('figcaption b')].map(({ textContent }) => textContent);
    expect(captions).toEqual(['(a)', '(b)', '(c)']);
  });

  it('begins with the figure and what it comes to; what was run comes after', () => {
    const page = parse(renderReproductionReport(reproduction()));
    const header = [...page.querySelector('header')!.children].map(
      ({ tagName, className }) => className || tagName,
    );
    // What did not come to its end is said before all.
    expect(header).toEqual(['kicker', 'H1', 'H3', 'notice', 'figures wide', 'P', 'key']);
    const first = page.querySelector('section')!;
    expect(squeezed(first)).toContain('What was run, and what came out');
    expect(page.querySelector('header')!.textContent).not.toContain('full-batch');
    expect(first.textContent).toContain('full-batch');
  });

  it('says which seed each run of the sweep had', () => {
    const { sweep, ...rest } = reproduction();
    const results = sweep.results.map((result, k) => ({ ...result, spec: { ...result.spec, seed: 7 + k } }));
    const page = parse(renderReproductionReport({ ...rest, sweep: { ...sweep, results } }));
    const table = [...page.querySelectorAll('table')].find((one) => one.textContent.includes('seed'))!;
    const heads = [...table.querySelectorAll('thead th')].map(({ textContent }) => textContent);
    const seeds = [...table.querySelectorAll('tbody tr')].map(
      (row) => row.children[heads.indexOf('seed')].textContent,
    );
    expect(seeds).toEqual(results.map(({ spec }) => String(spec.seed)));
  });

  it('says what the sweep shows, and does not claim a fall that is none', () => {
    const said = (value: Reproduction) =>
      squeezed(parse(renderReproductionReport(value)).querySelector('header')!);
    expect(said(reproduction())).toContain('It falls with the dimension');
    const flat = [20, 40, 80].map((d) => sampleResult({ d, discrepancy: (step) => (step > 0 ? 0.01 : 0) }));
    expect(said({ ...reproduction(), sweep: { label: '', results: flat } })).toContain('is not established');
    expect(said({ ...reproduction(), sweep: { label: '', results: flat.slice(1) } })).toContain('too few');
  });
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
