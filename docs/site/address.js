/**
 * The page as it is found at an address: what links to it show elsewhere is given whole there, since who reads it takes no
 * other. The app itself lies in any folder of any host.
 * @param {string} html
 * @param {string} address of the folder
 */
export function atAddress(html, address) {
  const folder = new URL(address.endsWith('/') ? address : `${address}/`).href;
  const picture = /(<meta property="og:image" content=")\.\/([^"]*">)/;
  if (!picture.test(html)) {
    throw new Error(
      'The page has no picture for links to it: @resvg/resvg-js, which draws it, was not there when it was built. Install it (npm ci) and build again.',
    );
  }
  return html.replace(picture, `$1${folder}$2\n    <meta property="og:url" content="${folder}">`);
}
