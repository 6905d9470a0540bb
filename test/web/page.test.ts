import { expect, test, vi } from 'vitest';
import { openPage } from '../../web/app/page.ts';

test('a person runs a preset, watches the curves, stops, and reads the report', async () => {
  openPage(document.body);
  const select = document.querySelector('select')!;
  const button = document.querySelector('button')!;
  const [live, alert, report] = ['.live', '[role=alert]', 'iframe'].map((selector) =>
    document.querySelector<HTMLElement>(selector)!,
  );
  select.value = 'too-narrow';
  select.dispatchEvent(new Event('change'));
  expect(document.querySelector('.description')!.textContent).toMatch(/hidden units/);

  button.click();
  expect(button.textContent).toBe('Stop');
  await vi.waitFor(() => expect(live.querySelectorAll('svg path').length).toBeGreaterThan(0), 30_000);
  const bar = document.querySelector('progress')!;
  await vi.waitFor(() => expect(bar.value).toBeGreaterThan(0), 30_000);

  button.click();
  await vi.waitFor(() => expect(report.hidden).toBe(false), 30_000);
  expect(live.hidden).toBe(true);
  expect(alert.hidden).toBe(true);
  expect(button.textContent).toBe('Run');
  expect((report as HTMLIFrameElement).srcdoc).toMatch(/too-narrow/);
  expect((report as HTMLIFrameElement).srcdoc).toMatch(/stopped/);
  document.body.replaceChildren();
});
