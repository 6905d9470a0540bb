import { expect, test } from 'vitest';
import { galleryPrograms } from '../../shaders/gallery.ts';
import { indented } from '../../shaders/parts/indented.ts';
import { gpu } from '../gpu-device.ts';

const { device } = gpu;

test.for(galleryPrograms())(
  '$name compiles as the gallery shows it, without a message',
  async ({ variants }) => {
    for (const [name, { code, unrolled }] of Object.entries(variants)) {
      for (const text of unrolled === undefined ? [code] : [code, unrolled]) {
        if (/^enable subgroups;/m.test(text) && !device.features.has('subgroups')) continue;
        const { messages } = await device.createShaderModule({ code: indented(text) }).getCompilationInfo();
        expect(
          messages.map(({ lineNum, message }) => `${lineNum}: ${message}`),
          name,
        ).toEqual([]);
      }
    }
  },
);
