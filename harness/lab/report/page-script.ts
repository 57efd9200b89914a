/**
 * All that the page does by itself. Without it everything can still be read: cells are links to their trials, commands are
 * text. It puts nothing into the page as markup, it only copies parts of it.
 */
export const PAGE_SCRIPT = `
"use strict";
const detail = document.getElementById("detail");
const trialsOf = (cell) => cell.dataset.trials.split(" ").map((n) => document.getElementById("trial-" + n)).filter(Boolean);
const MOST = 6;
let shown;
function show(cell) {
  if (shown === cell) return;
  shown = cell;
  const heading = document.createElement("p");
  heading.className = "detail-title";
  heading.textContent = cell.dataset.name;
  const trials = trialsOf(cell);
  const list = document.createElement("ul");
  for (const trial of trials.slice(0, MOST)) {
    const item = document.createElement("li");
    for (const node of trial.childNodes) item.append(node.cloneNode(true));
    list.append(item);
  }
  detail.replaceChildren(heading, list);
  if (trials.length > MOST) {
    const more = document.createElement("p");
    more.textContent = "and " + (trials.length - MOST) + " more, in the list of all trials";
    detail.append(more);
  }
  detail.hidden = false;
}
const cellOf = (event) => event.target.closest && event.target.closest("a.cell");
for (const name of ["mouseover", "focusin"]) {
  document.addEventListener(name, (event) => { const cell = cellOf(event); if (cell) show(cell); });
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && shown) { detail.hidden = true; shown = undefined; return; }
  const cell = cellOf(event);
  const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
  if (!cell || !step) return;
  const from = cell.getBoundingClientRect();
  const others = [...cell.closest("svg").querySelectorAll("a.cell")].map((other) => {
    const to = other.getBoundingClientRect();
    const x = to.x - from.x, y = to.y - from.y;
    return { other, along: x * step[0] + y * step[1], aside: Math.abs(x * step[1]) + Math.abs(y * step[0]) };
  });
  const next = others.filter(({ along, aside }) => along > 2 && aside < 2).sort((a, b) => a.along - b.along)[0];
  if (!next) return;
  event.preventDefault();
  cell.setAttribute("tabindex", "-1");
  next.other.setAttribute("tabindex", "0");
  next.other.focus();
});
for (const map of document.querySelectorAll("svg.map")) {
  map.querySelectorAll("a.cell").forEach((cell, index) => cell.setAttribute("tabindex", index === 0 ? "0" : "-1"));
}
function open() {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  const details = target && target.closest("details");
  if (!details) return;
  details.open = true;
  target.scrollIntoView();
}
addEventListener("hashchange", open);
open();
for (const button of document.querySelectorAll("button.copy")) button.hidden = false;
document.addEventListener("click", async (event) => {
  const button = event.target.closest && event.target.closest("button.copy");
  if (!button) return;
  const code = button.parentElement.querySelector("code");
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "copied";
  } catch {
    getSelection().selectAllChildren(code);
    button.textContent = "selected";
  }
});
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details:not([open])")];
  for (const one of closed) one.open = true;
});
addEventListener("afterprint", () => { for (const one of closed) one.open = false; });
`;
