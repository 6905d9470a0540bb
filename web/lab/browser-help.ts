type Browser = 'edge' | 'chrome' | 'firefox' | 'safari';

/** What to do in each browser so that the page gets the GPU. */
const steps: Record<Browser, { name: string; help: string }> = {
  chrome: {
    name: 'Chrome',
    help: 'Open <code>chrome://settings/system</code>, switch on “Use graphics acceleration when available” and start Chrome again. If <code>chrome://gpu</code> still calls WebGPU disabled, update the graphics driver; on Linux, also enable <code>chrome://flags/#enable-unsafe-webgpu</code>.',
  },
  edge: {
    name: 'Edge',
    help: 'Open <code>edge://settings/system</code>, switch on “Use graphics acceleration when available” and start Edge again. If <code>edge://gpu</code> still calls WebGPU disabled, update the graphics driver.',
  },
  firefox: {
    name: 'Firefox',
    help: 'Update to version 141 on Windows or 145 on a Mac with Apple silicon. Elsewhere open <code>about:config</code>, set <code>dom.webgpu.enabled</code> to true and start Firefox again; on Linux it also needs a Vulkan driver (on Debian and Ubuntu the package <code>mesa-vulkan-drivers</code>). “Use recommended performance settings” in its settings has to be on.',
  },
  safari: {
    name: 'Safari',
    help: 'Update to version 26 (macOS 26, iOS 26 or iPadOS 26). In an older one, switch on WebGPU among the feature flags: Develop menu on a Mac; Settings, Apps, Safari, Advanced on iPhone and iPad.',
  },
};

export function browserOf(userAgent: string): Browser | null {
  if (/\bEdgA?\//.test(userAgent)) return 'edge';
  if (/(\b|Headless)(Chrome|Chromium|CriOS)\//.test(userAgent)) return 'chrome';
  if (/\b(Firefox|FxiOS)\//.test(userAgent)) return 'firefox';
  if (/\bSafari\//.test(userAgent)) return 'safari';
  return null;
}

/** The steps for this browser first, then those for the others, as HTML. */
export function browserHelp(userAgent: string, secure: boolean): string {
  if (!secure) {
    return '<p>Browsers give their GPU only to pages from https:// or from this computer (http://localhost). Open this page from there.</p>';
  }
  const own = browserOf(userAgent);
  const order = Object.keys(steps) as Browser[];
  order.sort((a, b) => Number(b === own) - Number(a === own));
  // It scrolls, so the keyboard has to reach it.
  return `<dl tabindex="0">${order
    .map((browser) => {
      const { name, help } = steps[browser];
      return `<dt>${name}${browser === own ? ' (this browser)' : ''}</dt><dd>${help}</dd>`;
    })
    .join('')}</dl>`;
}
