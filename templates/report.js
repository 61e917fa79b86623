"use strict";
// Filter, keys, ticks, copying, and the state of all that in the address. Without this script the page holds the same
// content; only findings beyond the first hundreds are packed, and need it.
(() => {
  const $ = (id) => document.getElementById(id);
  const box = $("filter"), count = $("filtered"), fold = $("fold"), all = $("all"), more = $("more"), next = $("next");
  const written = [...document.querySelectorAll(".finding")];
  const rows = [...document.querySelectorAll("[data-row]")];
  const severities = [...document.querySelectorAll("[data-severity-switch]")];
  const picks = [...document.querySelectorAll("[data-pick]")];
  const ticks = [...document.querySelectorAll("[data-tick]")];
  const folds = [...document.querySelectorAll("details")];
  const texts = new Map(), abouts = new Map();
  const first = folds.map((d) => d.open);  // as the page came
  const AT_ONCE = 200;
  let packed = [], found = [], shown = 0;

  document.querySelectorAll(".tools").forEach((tool) => { if (!tool.contains(next)) tool.hidden = false; });

  const textOf = (element) => {
    if (!texts.has(element)) texts.set(element, element.textContent.toLowerCase());
    return texts.get(element);
  };
  // Words that must be there, and words with a minus before them that must not.
  const test = (value) => {
    const words = value.toLowerCase().split(/\s+/).filter((word) => word && word !== "-");
    const wanted = words.filter((word) => !word.startsWith("-"));
    const unwanted = words.filter((word) => word.startsWith("-")).map((word) => word.slice(1));
    return (text) => wanted.every((word) => text.includes(word)) && !unwanted.some((word) => text.includes(word));
  };

  // What a finding is about, by the kinds of the switches.
  const aboutOf = (element) => {
    if (!abouts.has(element)) abouts.set(element, JSON.parse(element.dataset.about));
    return abouts.get(element);
  };
  // Switches: any (as they come), only these, without these. Of several nodes all must be left out.
  const STATES = ["", "+", "-"];
  const SAID = { "": "", "+": ": only", "-": ": left out" };
  const put = (pick, state) => {
    pick.dataset.state = state;
    pick.setAttribute("aria-label", `${pick.dataset.pick} ${pick.dataset.name}${SAID[state]}`);
  };
  const picked = () => {
    const kinds = [...new Set(picks.filter((pick) => pick.dataset.state).map((pick) => pick.dataset.pick))];
    const named = (kind, state) => new Set(picks.filter((p) => p.dataset.pick === kind && p.dataset.state === state).map((p) => p.dataset.name));
    const asked = kinds.map((kind) => ({ kind, only: named(kind, "+"), without: named(kind, "-") }));
    return (about) => asked.every(({ kind, only, without }) => (!only.size || about[kind].some((name) => only.has(name)))
      && !(without.size && about[kind].length && about[kind].every((name) => without.has(name))));
  };

  // --- findings that are packed ---
  const unpack = async () => {
    const bytes = Uint8Array.from(atob($("packed").textContent), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const items = JSON.parse(await new Response(stream).text());
    packed = items.map(([severity, about, html]) => ({ severity, about, html, text: html.replace(/<[^>]*>/g, " ").toLowerCase() }));
    apply();
  };
  const show = (upTo) => {
    const part = found.slice(shown, upTo).map((item) => item.html).join("");
    if (shown) more.insertAdjacentHTML("beforeend", part);
    else more.innerHTML = part;
    more.hidden = false;
    shown = Math.min(upTo, found.length);
    next.parentElement.hidden = shown >= found.length;
    next.textContent = `Show ${Math.min(AT_ONCE, found.length - shown)} of ${found.length - shown} more`;
    more.querySelectorAll("pre.command").forEach(copyable);
  };

  const apply = () => {
    const holds = test(box.value), picksHold = picked();
    const off = new Set(severities.filter((s) => !s.checked).map((s) => s.dataset.severitySwitch));
    let number = 0;
    for (const finding of written) {
      const keep = !off.has(finding.dataset.severity) && picksHold(aboutOf(finding)) && holds(textOf(finding));
      finding.classList.toggle("out", !keep);
      number += keep ? 1 : 0;
    }
    for (const row of rows) row.classList.toggle("out", box.value.trim() !== "" && !holds(textOf(row)));
    const narrowed = box.value.trim() !== "" || off.size > 0 || picks.some((pick) => pick.dataset.state);
    if (packed.length) {
      found = packed.filter((item) => !off.has(item.severity) && picksHold(item.about) && holds(item.text));
      shown = 0;
      show(narrowed ? AT_ONCE : 0);
    }
    const total = written.length + packed.length;
    count.textContent = narrowed ? `${number + found.length} of ${total} findings` : "";
    all.hidden = !narrowed;
  };

  // --- copying ---
  const copy = async (text, button) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.body.appendChild(document.createElement("textarea"));
      area.value = text;
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  };
  const copyable = (pre) => {
    if (pre.previousElementSibling?.classList.contains("copy")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", `Copy: ${pre.textContent.trim().split("\n", 1)[0]}`);
    button.addEventListener("click", () => copy(pre.textContent.trim(), button));
    pre.before(button);
  };
  document.querySelectorAll("pre.command").forEach(copyable);

  // --- the state in the address: #f12?q=n2+-info&off=low&node=%2Bn1&rule=-SEG001&done=1,2&zoom=picture-1:9-20&open=3 ---
  const split = () => {
    const [anchor, query = ""] = location.hash.slice(1).split("?");
    return { anchor, query: new URLSearchParams(query) };
  };
  const listOf = (query, name) => (query.get(name) || "").split(",").filter(Boolean);
  const keep = () => {
    const state = new URLSearchParams();
    const list = (name, values) => { if (values.length) state.set(name, values.join(",")); };
    if (box.value.trim()) state.set("q", box.value.trim());
    picks.filter((pick) => pick.dataset.state).forEach((pick) => state.append(pick.dataset.pick, pick.dataset.state + pick.dataset.name));
    list("off", severities.filter((s) => !s.checked).map((s) => s.dataset.severitySwitch));
    list("done", ticks.filter((tick) => tick.checked).map((tick) => tick.dataset.tick));
    list("zoom", pictures.flatMap((picture) => picture.shown()));
    list("open", folds.flatMap((d, at) => (d.open !== first[at] ? [at] : [])));
    const query = state.toString();
    history.replaceState(null, "", `#${split().anchor}${query ? `?${query}` : ""}`);
  };

  // --- pictures: a window of each axis; whatever has data-i is moved with it ---
  const numbers = (text) => text.split(" ").map(Number);
  const pictures = [...document.querySelectorAll("figure[data-axis]")].map((figure) => {
    const [first, last] = numbers(figure.dataset.axis), whole = [first, last + 1];
    const plots = figure.querySelector(".plots"), plot = figure.querySelector(".plot"), readout = figure.querySelector(".readout");
    const moved = [...figure.querySelectorAll("[data-i]")].map((element) => ({ element, i: numbers(element.dataset.i) }));
    const ticks = figure.querySelector(".ticks"), hint = readout.textContent, timed = figure.dataset.unit === "time";
    const wide = { ticks: ticks.innerHTML, places: moved.map(({ element: e }) => ["x", "width", "x1", "x2"].map((name) => e.getAttribute(name))) };
    let [from, to] = whole;
    const isWhole = () => from <= first && to >= last + 1;
    const label = (index) => (timed ? `${new Date(index * 1000).toISOString().slice(0, 19)}Z` : index);
    const percent = (index) => `${((index - from) / (to - from)) * 100}%`;
    const draw = () => {
      figure.classList.toggle("zoomed", !isWhole());
      moved.forEach(({ element, i: [a, b] }, at) => {
        const put = (name, value) => element.setAttribute(name, value);
        if (isWhole()) ["x", "width", "x1", "x2"].forEach((name, n) => { if (wide.places[at][n] !== null) put(name, wide.places[at][n]); });
        else if (element.tagName === "line") { put("x1", percent((a + b + 1) / 2)); put("x2", percent((a + b + 1) / 2)); }
        else if (element.tagName === "use") put("x", percent((a + b + 1) / 2));
        else { put("x", percent(a)); put("width", `${Math.max(((b + 1 - a) / (to - from)) * 100, 0.25)}%`); }
      });
      ticks.innerHTML = isWhole() ? wide.ticks : [0, 0.25, 0.5, 0.75, 0.999].map((part) =>
        `<text x="${part * 100}%" y="17" text-anchor="${part === 0 ? "start" : part > 0.9 ? "end" : "middle"}">${label(Math.floor(from + part * (to - from)))}</text>`).join("");
    };
    const zoom = (a, b) => {
      const width = Math.min(Math.max(b - a, 4), whole[1] - whole[0]);
      from = Math.min(Math.max(a, whole[0]), whole[1] - width);
      to = from + width;
      draw();
      keep();
    };
    const times = (factor) => {
      const middle = (from + to) / 2, half = factor ? ((to - from) * factor) / 2 : whole[1] - whole[0];
      zoom(middle - half, middle + half);
    };
    const indexAt = (event) => {
      const box = plot.getBoundingClientRect();
      return Math.min(Math.max(from + ((event.clientX - box.left) / box.width) * (to - from), from), to - 0.001);
    };
    const tell = (event) => {
      const index = Math.floor(indexAt(event)), lane = event.target.closest(".lane");
      const slack = (to - from) / 150;  // a mark is hit beside it, too
      const said = moved.filter(({ element, i: [a, b] }) => lane?.contains(element) && element.querySelector("title")
        && a - (a === b ? slack : 0) <= index && index <= b + (a === b ? slack : 0)).map(({ element }) => element.querySelector("title").textContent);
      readout.textContent = `${label(index)} · ${lane?.querySelector(".who").textContent.trim() ?? ""} · ${said.join("; ") || "nothing"}`;
    };
    let begun = null, brush = null, dragged = false;
    plots.addEventListener("pointerdown", (event) => { if (event.button === 0) { begun = event; dragged = false; } });
    plots.addEventListener("pointermove", (event) => {
      tell(event);
      if (!begun || Math.abs(event.clientX - begun.clientX) < 6) return;
      dragged = true;
      brush ??= plots.appendChild(Object.assign(document.createElement("div"), { className: "brush" }));
      const left = plots.getBoundingClientRect().left;
      brush.style.left = `${Math.min(event.clientX, begun.clientX) - left}px`;
      brush.style.width = `${Math.abs(event.clientX - begun.clientX)}px`;
    });
    window.addEventListener("pointerup", (event) => {
      if (begun && brush) zoom(...[Math.floor(indexAt(begun)), Math.ceil(indexAt(event))].sort((x, y) => x - y));
      brush?.remove();
      begun = brush = null;
    });
    plots.addEventListener("click", (event) => { if (dragged) { event.preventDefault(); event.stopPropagation(); } }, true);
    plots.addEventListener("dragstart", (event) => event.preventDefault());
    plots.addEventListener("pointerleave", () => { readout.textContent = hint; });
    figure.addEventListener("focusin", (event) => { readout.textContent = event.target.getAttribute?.("aria-label") ?? hint; });
    figure.querySelectorAll("[data-zoom]").forEach((button) => button.addEventListener("click", () => times(Number(button.dataset.zoom))));
    const shift = (part) => zoom(from + part * (to - from), to + part * (to - from));
    const keys = { "+": () => times(0.5), "-": () => times(2), 0: () => times(0), ArrowLeft: () => shift(-0.25), ArrowRight: () => shift(0.25) };
    figure.addEventListener("keydown", (event) => {
      if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      keys[event.key]();
    });
    const shown = () => (isWhole() ? [] : [`${figure.id}:${from}-${to}`]);
    return { id: figure.id, zoom, shown, around: (element) => {
      const one = moved.find((part) => element.contains(part.element));
      if (one && (one.i[1] < from || one.i[0] >= to)) times(0);
    } };
  });

  const reveal = (anchor) => {
    let element = $(anchor);
    const number = /^f(\d+)$/.exec(anchor);
    if (!element && number && packed.length) {
      const at = Number(number[1]) - 1 - written.length;
      if (!packed[at]) return;
      found = [packed[at], ...packed.filter((item) => item !== packed[at])];
      shown = 0;
      show(1);
      element = $(anchor);
    }
    if (!element) return;
    element.classList.remove("out");
    for (let e = element; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    pictures.forEach((picture) => picture.around(element));
    document.querySelectorAll(".cue").forEach((e) => e.classList.remove("cue"));
    element.classList.add("cue");
    element.scrollIntoView({ block: element.closest("svg") ? "center" : "start" });
    element.focus({ preventScroll: true });
  };
  const restore = () => {
    const { anchor, query } = split();
    box.value = query.get("q") || "";
    const off = listOf(query, "off"), done = listOf(query, "done"), other = listOf(query, "open").map(Number);
    severities.forEach((s) => { s.checked = !off.includes(s.dataset.severitySwitch); });
    picks.forEach((pick) => put(pick, STATES.find((state) => state && query.getAll(pick.dataset.pick).includes(state + pick.dataset.name)) ?? ""));
    ticks.forEach((tick) => { tick.checked = done.includes(tick.dataset.tick); });
    listOf(query, "zoom").forEach((text) => {
      const [, id, from, to] = /^(.+):([\d.]+)-([\d.]+)$/.exec(text) ?? [];
      pictures.find((picture) => picture.id === id)?.zoom(Number(from), Number(to));
    });
    other.forEach((at) => { if (folds[at]) folds[at].open = !folds[at].open; });
    apply();
    if (anchor) reveal(anchor);
  };

  box.addEventListener("input", () => { apply(); keep(); });
  severities.forEach((s) => s.addEventListener("change", () => { apply(); keep(); }));
  picks.forEach((pick) => pick.addEventListener("click", () => {
    put(pick, STATES[(STATES.indexOf(pick.dataset.state) + 1) % STATES.length]);
    apply();
    keep();
  }));
  all.addEventListener("click", () => {
    box.value = "";
    severities.forEach((s) => { s.checked = true; });
    picks.forEach((pick) => put(pick, ""));
    apply();
    keep();
    box.focus();
  });
  ticks.forEach((tick) => tick.addEventListener("change", keep));
  folds.forEach((d) => d.addEventListener("toggle", keep));
  next?.addEventListener("click", () => show(shown + AT_ONCE));

  let opened = false;
  fold.addEventListener("click", () => {
    opened = !opened;
    folds.forEach((d) => { d.open = opened; });
    fold.textContent = opened ? "Close all" : "Open all";
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { query } = split();
    const state = query.toString();
    history.pushState(null, "", `${link.getAttribute("href")}${state ? `?${state}` : ""}`);
    reveal(link.getAttribute("href").slice(1));
  });
  window.addEventListener("popstate", () => reveal(split().anchor));

  const step = (by) => {
    const seen = [...document.querySelectorAll(".finding")].filter((f) => !f.classList.contains("out"));
    if (!seen.length) return;
    const at = seen.indexOf(document.activeElement);
    const to = seen[Math.min(Math.max(at + by, 0), seen.length - 1)];
    to.focus();
    to.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === box) {
      if (event.key === "Escape") { box.value = ""; apply(); keep(); box.blur(); }
      return;
    }
    if (event.key === "/") { event.preventDefault(); box.focus(); }
    if (event.key === "j") step(1);
    if (event.key === "k") step(-1);
  });

  restore();
  if ($("packed")) unpack().then(() => { const { anchor } = split(); if (anchor) reveal(anchor); });
})();
