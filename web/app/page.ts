import { presets } from '../../src/experiment/presets.ts';
import type { RunResult } from '../../src/experiment/result.ts';
import { run } from '../../src/experiment/run.ts';
import { parseSpec } from '../../src/experiment/spec.ts';
import { requestDevice } from '../../src/gpu/device.ts';
import { lossFigure, outputsFigure } from '../figures/run-figures.ts';
import type { Curves } from '../figures/time-plot.ts';
import { renderRunReport } from '../report/run-report.ts';

/** The page as a person meets it: choose a preset, run it on this computer's GPU, read the report. */
export function openPage(body: HTMLElement): void {
  body.innerHTML = `
    <main>
      <h1>First Light</h1>
      <p class="lead">
        A neural network and the linear model that
        <a href="https://arxiv.org/abs/2006.14599">theory says it imitates early in training</a>, trained side by side
        on your GPU.
      </p>
      <form>
        <label>Experiment <select name="preset"></select></label>
        <button type="submit">Run</button>
        <p class="description"></p>
      </form>
      <div role="status" hidden><progress max="1"></progress><span></span></div>
      <p role="alert" hidden></p>
      <div class="live" hidden></div>
    </main>
    <iframe title="Report" hidden></iframe>`;
  const form = body.querySelector('form')!;
  const select = body.querySelector('select')!;
  const button = body.querySelector('button')!;
  const description = body.querySelector('.description')!;
  const status = body.querySelector<HTMLElement>('[role=status]')!;
  const alert = body.querySelector<HTMLElement>('[role=alert]')!;
  const report = body.querySelector('iframe')!;
  const live = body.querySelector<HTMLElement>('.live')!;

  const chosen = () => presets[select.selectedIndex];
  const describe = () => (description.textContent = chosen().description);
  select.append(...presets.map(({ name }) => new Option(name)));
  select.addEventListener('change', describe);
  describe();
  void findOutWhatIsMissing().then((missing) => {
    if (missing === undefined) return;
    button.disabled = true;
    show(alert, missing);
  });

  let running: AbortController | undefined;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (running) {
      running.abort();
      return;
    }
    running = new AbortController();
    button.textContent = 'Stop';
    alert.hidden = report.hidden = true;
    void compute(chosen().spec, running.signal, {
      tell: (text, fraction) => showProgress(status, text, fraction),
      draw: (curves) => drawLive(live, curves),
    })
      .then((result) => {
        live.hidden = true;
        showReport(report, renderRunReport(result));
      })
      .catch((error: unknown) => show(alert, error instanceof Error ? error.message : String(error)))
      .finally(() => {
        running = undefined;
        button.textContent = 'Run';
        status.hidden = true;
      });
  });
}

/** What a person has to do before anything can run; undefined where nothing is missing. */
async function findOutWhatIsMissing(): Promise<string | undefined> {
  if (!isSecureContext) {
    return 'Browsers give their GPU only to pages from https:// or from this computer (http://localhost). Open this page from there.';
  }
  if (!('gpu' in navigator)) {
    return 'This browser has no WebGPU. Chrome, Edge, Safari 26 and Firefox have it in their current versions; update yours or open this page in another one.';
  }
  if (!(await navigator.gpu.requestAdapter())) {
    return 'This browser has WebGPU but found no GPU that it supports. Switch on hardware acceleration in its settings, update the graphics driver, or open this page in another browser.';
  }
  return undefined;
}

/** What a run shows while it goes. */
interface View {
  tell: (text: string, fraction?: number) => void;
  draw: (curves: Curves) => void;
}

async function compute(input: unknown, signal: AbortSignal, { tell, draw }: View): Promise<RunResult> {
  tell('Preparing');
  const device = await requestDevice(navigator.gpu);
  try {
    const events = run(device, parseSpec(input), { signal, environment: navigator.userAgent });
    let curves: Curves | undefined;
    for (;;) {
      const { done, value } = await events.next();
      if (done) return value;
      if (value.kind === 'prepared') {
        curves = { preparation: value.preparation, records: [], status: { kind: 'completed' } };
      }
      if (value.kind === 'records' && curves) {
        curves.records.push(...value.records);
        draw(curves);
      }
      if (value.kind === 'progress') tell(`Step ${value.step} of ${value.steps}`, value.step / value.steps);
    }
  } finally {
    device.destroy();
  }
}

function drawLive(live: HTMLElement, curves: Curves): void {
  const figures = [lossFigure(curves)];
  if (curves.preparation.watched.indices.length > 0) figures.push(outputsFigure(curves));
  live.replaceChildren(...figures.map(({ svg }) => svg));
  live.hidden = false;
}

function showProgress(status: HTMLElement, text: string, fraction?: number): void {
  const bar = status.querySelector('progress')!;
  if (fraction === undefined) bar.removeAttribute('value');
  else bar.value = fraction;
  status.querySelector('span')!.textContent = text;
  status.hidden = false;
}

/** The report is a document of its own; the frame grows to its height. */
function showReport(frame: HTMLIFrameElement, document: string): void {
  frame.onload = () => {
    const content = frame.contentDocument!.documentElement;
    const fit = () => (frame.style.height = `${content.scrollHeight}px`);
    new ResizeObserver(fit).observe(content);
    fit();
    frame.scrollIntoView({ behavior: 'smooth' });
  };
  frame.srcdoc = document;
  frame.hidden = false;
}

function show(element: HTMLElement, text: string): void {
  element.textContent = text;
  element.hidden = false;
}
