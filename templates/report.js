"use strict";
// Filters and keys. Without this script the page holds all the same content.
(() => {
  const box = document.getElementById("filter");
  const tools = document.querySelectorAll(".tools");
  const count = document.getElementById("filtered");
  const findings = [...document.querySelectorAll(".finding")];
  const rows = [...document.querySelectorAll("[data-row]")];
  const severities = [...document.querySelectorAll("[data-severity-switch]")];
  const folds = () => document.querySelectorAll("details");
  tools.forEach((tool) => { tool.hidden = false; });

  const apply = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    const off = new Set(severities.filter((s) => !s.checked).map((s) => s.dataset.severitySwitch));
    const holds = (element) => { const text = element.textContent.toLowerCase(); return words.every((w) => text.includes(w)); };
    let shown = 0;
    for (const finding of findings) {
      const keep = !off.has(finding.dataset.severity) && holds(finding);
      finding.classList.toggle("out", !keep);
      shown += keep ? 1 : 0;
    }
    for (const row of rows) row.classList.toggle("out", words.length > 0 && !holds(row));
    count.textContent = words.length || off.size ? `${shown} of ${findings.length} findings` : "";
  };
  box.addEventListener("input", apply);
  severities.forEach((s) => s.addEventListener("change", apply));

  let opened = false;
  const fold = document.getElementById("fold");
  fold.addEventListener("click", () => {
    opened = !opened;
    folds().forEach((d) => { d.open = opened; });
    fold.textContent = opened ? "Close all" : "Open all";
  });

  const step = (by) => {
    const seen = findings.filter((f) => !f.classList.contains("out"));
    if (!seen.length) return;
    const at = seen.indexOf(document.activeElement);
    const next = seen[Math.min(Math.max(at + by, 0), seen.length - 1)];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === box) {
      if (event.key === "Escape") { box.value = ""; apply(); box.blur(); }
      return;
    }
    if (event.key === "/") { event.preventDefault(); box.focus(); }
    if (event.key === "j") step(1);
    if (event.key === "k") step(-1);
  });
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = [...folds()].filter((d) => !d.open);
    closed.forEach((d) => { d.open = true; });
  });
  window.addEventListener("afterprint", () => { closed.forEach((d) => { d.open = false; }); });
})();
