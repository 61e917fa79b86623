// What stands in a reader's way on this page, as it is shown now: axe-core's rules, and what does not fit its width.
// Contrast is nine tenths of axe's time, and the same wherever colours, size and weight are: of each such look that
// `known` does not name, one text is tried. Gives the looks that were tried, too. `rules`: whether axe's other rules run.
async (known, rules) => {
  const seen = new Set(known);
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
  const look = (element) => {
    const style = getComputedStyle(element);
    return [style.color, backdrop(element), style.fontSize, style.fontWeight, style.textDecorationLine].join("; ");
  };
  const looks = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    const its = look(element);
    if (!seen.has(its) && !looks.has(its)) looks.set(its, element);
  }

  const wrong = (violations) => violations.filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.length} times, first ${one.nodes[0].html.slice(0, 120)}`);
  const options = { resultTypes: ["violations"] };
  const found = [];
  if (rules) {
    const all = await axe.run(document, { ...options, rules: { "color-contrast": { enabled: false } } });
    found.push(...wrong(all.violations));
  }
  if (looks.size) {
    const contrast = await axe.run({ include: [...looks.values()] }, { ...options, runOnly: ["color-contrast"] });
    found.push(...wrong(contrast.violations));
  }

  const wide = document.documentElement.scrollWidth, width = document.documentElement.clientWidth;
  if (wide > width) {
    const scrolls = (e) => e && e !== document.body && (getComputedStyle(e).overflowX !== "visible" || scrolls(e.parentElement));
    const over = [...document.querySelectorAll("body *")].find((e) => e.getBoundingClientRect().left + e.scrollWidth > width + 1 && !scrolls(e));
    found.push(`${wide} px wide: ${over?.outerHTML.slice(0, 120)}`);
  }
  return { found, looks: [...looks.keys()] };
}
