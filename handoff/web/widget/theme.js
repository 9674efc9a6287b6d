/** Colours and sides an inbox may choose (its options) or a page (custom properties, attributes). */
const PROPERTIES = {accent: "color", radius: "border-radius", font: "font-family", offset: "inset"};

/**
 * Sets scheme, side and properties on the host. `options.theme` is "light", "dark" or "auto", or an object
 * {scheme, side: "start" | "end", accent, radius, font, offset}; the page's own attributes win.
 */
export function applyTheme(host, options = {}, prefersDark = false) {
  const theme = typeof options.theme === "string" ? {scheme: options.theme} : (options.theme ?? {});
  const scheme = host.theme || theme.scheme || "auto";
  host.dataset.scheme = scheme === "auto" ? (prefersDark ? "dark" : "light") : scheme;
  host.dataset.side = theme.side === "start" ? "start" : "end";
  for (const [name, property] of Object.entries(PROPERTIES)) {
    if (theme[name] && CSS.supports(property, theme[name])) host.style.setProperty(`--inbox-${name}`, theme[name]);
  }
  if (/^#[0-9a-f]{6}$/i.test(theme.accent ?? "")) host.style.setProperty("--inbox-on-accent", readableOn(theme.accent));
}

/** Black or white, whichever reads better on a colour #rrggbb (WCAG relative luminance). */
function readableOn(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000" : "#fff";
}
