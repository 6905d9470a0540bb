// What TypeDoc, which makes the pages, has to know of ours: titles, the names of modules, and the reference of a spec's fields.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Converter, RendererEvent } from 'typedoc';
import { fieldTable } from './fields.js';

const firstLight = fileURLToPath(new URL('../../bin/first-light.js', import.meta.url));

/** Where the reference goes: a line of docs/spec.md. */
const place = '<!-- the fields of a spec, from its schema -->';

/** What the modules of the library are imported as. */
const entries = { index: 'first-light', node: 'first-light/node' };

/** Called by TypeDoc. @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => {
    const text = document.content.map((part) => part.text).join('');
    const title = /^# (.+)$/m.exec(text)?.[1];
    if (!title) throw new Error(`${document.name}.md has no first heading, which is its title.`);
    document.name = title;
    if (!text.includes(place)) return;
    const part = document.content.find((one) => one.text.includes(place));
    if (!part) throw new Error(`TypeDoc has divided "${place}", where the reference of a spec goes.`);
    part.text = part.text.replace(place, () => fieldTable(schema()));
  });
  app.renderer.on(RendererEvent.BEGIN, ({ project }) => {
    for (const module of project.children ?? []) module.name = entries[module.name] ?? module.name;
  });
}

const schema = () => JSON.parse(execFileSync(process.execPath, [firstLight, 'schema'], { encoding: 'utf8' }));
