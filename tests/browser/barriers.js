// What stands in a reader's way on this page, as it is shown now: axe-core's rules, and what does not fit its width.
//
// `known` names what was tried on earlier pages, and is not tried again: the look of a text (colours, size, weight),
// which alone makes its contrast, and the build of a part of the page (elements, classes, attributes, where text is),
// for which most rules say the same whatever the words. What depends on lengths, and on the page as a whole, is tried
// always. Gives what is wrong, and what was tried. `rules`: whether axe's rules run, or contrast and width alone.
async (known, rules) => {
  const seen = new Set(known), tried = new Set();
  const isNew = (mark) => {
    if (seen.has(mark)) return false;
    seen.add(mark);
    tried.add(mark);
    return true;
  };

  const backdrop = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
      const style = getComputedStyle(e);
      if (style.opacity !== "1") layers.push(`opacity ${style.opacity}`);
      if (style.backgroundImage !== "none") layers.push(style.backgroundImage);
      if (style.backgroundColor === "rgba(0, 0, 0, 0)") continue;
      layers.push(style.backgroundColor);
      if (!style.backgroundColor.startsWith("rgba")) break;
    }
    return layers.join(" over ");
  };
  const lookOf = (element) => {
    const style = getComputedStyle(element);
    return [style.color, backdrop(element), style.fontSize, style.fontWeight, style.textDecorationLine].join("; ");
  };
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() && element.checkVisibility() && isNew(lookOf(element))) texts.push(element);
  }

  // Attributes whose values are names or places: any does.
  const FREE = new Set(["id", "href", "title", "style", "d", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "aria-label", "aria-labelledby"]);
  const value = ({ name, value }) => (FREE.has(name) || name.startsWith("data-") ? `${name}${value.trim() ? "" : " empty"}` : `${name}=${value}`);
  const buildOf = (element) => {
    const inside = [];
    for (const node of element.childNodes) {
      const part = node.nodeType === Node.TEXT_NODE ? (node.data.trim() ? "text" : "") : node.nodeType === Node.ELEMENT_NODE ? buildOf(node) : "";
      if (part && part !== inside[inside.length - 1]) inside.push(part);
    }
    return `${element.tagName}[${[...element.attributes].map(value).sort().join(" ")}](${inside.join(" ")})`;
  };
  const digest = async (text) => {
    const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
    return [...bytes.slice(0, 12)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  const parts = [];
  if (rules) {
    const whole = "body > .skip, body > header, body > nav, main > section, main > footer";
    for (const element of document.querySelectorAll(whole)) {
      if (isNew(`${document.documentElement.clientWidth} ${await digest(buildOf(element))}`)) parts.push(element);
    }
  }

  const ALWAYS = ["scrollable-region-focusable", "duplicate-id-active", "duplicate-id-aria", ...axe._audit.rules.filter((rule) => rule.pageLevel).map((rule) => rule.id)];
  const SERIOUS_SINCE = ["scrollable-region-focusable"];  // axe-core 4.5
  const found = [];
  const run = async (context, runs) => {
    const { violations } = await axe.run(context, { resultTypes: ["violations"], ...runs });
    found.push(...violations.filter((one) => ["serious", "critical"].includes(one.impact) || SERIOUS_SINCE.includes(one.id))
      .map((one) => `${one.id}: ${one.nodes.length} times, first ${one.nodes[0].html.slice(0, 120)}`));
  };
  const off = Object.fromEntries([...ALWAYS, "color-contrast"].map((rule) => [rule, { enabled: false }]));
  if (rules) await run(document, { runOnly: ALWAYS });
  if (parts.length) await run({ include: parts }, { rules: off });
  if (texts.length) await run({ include: texts }, { runOnly: ["color-contrast"] });

  const wide = document.documentElement.scrollWidth, width = document.documentElement.clientWidth;
  if (wide > width) {
    const scrolls = (e) => e && e !== document.body && (getComputedStyle(e).overflowX !== "visible" || scrolls(e.parentElement));
    const over = [...document.querySelectorAll("body *")].find((e) => e.getBoundingClientRect().left + e.scrollWidth > width + 1 && !scrolls(e));
    found.push(`${wide} px wide: ${over?.outerHTML.slice(0, 120)}`);
  }
  return { found, tried: [...tried] };
}
