/** What the demo page asks of the gateway, and what it remembers of the visitor's choices. */
async function json(path, options) {
  const response = await fetch(path, options);
  if (!response.ok) throw Object.assign(new Error(`${path}: ${response.status}`), {status: response.status});
  return response.json();
}

export const shop = {
  /** {inbox, locales, texts} */
  front: (locale) => json(`/api/demo/shop?locale=${encodeURIComponent(locale)}`),
  /** [{id, name, locale, story}] */
  customers: () => json("/api/demo/customers"),
  /** [{id, title, subtitle, price, image}], prices as the locale writes them */
  products: (locale) => json(`/api/demo/products?limit=24&locale=${encodeURIComponent(locale)}`),
  /** The signed identity of one of the chosen customers. */
  identity: (customer) =>
    json("/api/demo/identity", {
      method: "POST",
      headers: {"content-type": "application/json"},
      body: JSON.stringify({customer}),
    }),
};

export function kept(name) {
  try {
    return localStorage.getItem(`setu-demo:${name}`);
  } catch {
    return null;
  }
}

export function keep(name, value) {
  try {
    localStorage.setItem(`setu-demo:${name}`, value);
  } catch {
    // forgotten at the next visit
  }
  return value;
}
