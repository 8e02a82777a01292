// Makes reviewing faster: no reload for a decision, single keys, hiding words by selecting, drawing or by keyboard.
import { initAll } from "./vendor/govuk-frontend.min.js";
import { chosen, named } from "./keymap.js";
import { fetched, put } from "./swap.js";

const root = () => document.getElementById("review");
const paper = () => document.getElementById("paper");
const findings = () => [...root().querySelectorAll("[data-finding]")];

// Without a reload: the server's own page is fetched and its review put in place of this one.
async function swap(address, options, anchor) {
  root().setAttribute("aria-busy", "true");
  let got;
  try { got = await fetched(address, options); } catch { say("The connection was lost. Nothing was saved. Try again."); root().removeAttribute("aria-busy"); return; }
  const { answer, page } = got;
  if (!page.getElementById("review")) { document.querySelector("main").replaceWith(document.adoptNode(page.querySelector("main"))); document.querySelector("h1")?.scrollIntoView(); return; }
  put("review", page);
  say(page.getElementById("saved")?.textContent.trim() ?? "");
  initAll(root());
  const target = new URL(answer.url);
  history.replaceState(null, "", target.pathname + target.search);
  arrive(anchor);
  listen();
}
function say(text) {
  const place = document.getElementById("saved");
  place.replaceChildren();
  if (!text) return;
  const note = Object.assign(document.createElement("div"), { className: "saved__message saved__message--floating" });
  note.append(Object.assign(document.createElement("p"), { className: "govuk-body govuk-!-margin-bottom-0", textContent: text }));
  place.append(note);
}
function arrive(anchor) {
  const item = anchor && document.getElementById(anchor);
  if (!item) return;
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
  if (anchor.startsWith("f-")) document.getElementById(anchor.replace("f-", "m-"))?.scrollIntoView({ block: "nearest" });
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-swap]")) return;
  event.preventDefault();
  const sent = new FormData(form, event.submitter);
  const target = form.getAttribute("action") ?? location.pathname; // a field named "action" hides the property
  if (form.getAttribute("method") === "get") swap(`${target}?${new URLSearchParams(sent)}`, {}, "");
  else swap(target, { method: "post", body: new URLSearchParams(sent) }, sent.get("anchor") ?? "");
});
document.addEventListener("change", (event) => { if (event.target.closest("[data-live]") && event.target.matches("select")) event.target.form.requestSubmit(); });
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const address = new URL(link.href);
  swap(address, {}, address.hash.slice(1) || (link.closest(".strip") ? "text-head" : ""));
});

// Keys
function current() { return findings().indexOf(document.activeElement.closest("[data-finding]") ?? document.querySelector("[data-finding]:target")); }
function go(step) {
  const all = findings(), next = all[Math.min(Math.max(current() + step, 0), all.length - 1)];
  if (next) arrive(next.id);
}
function press(key) { findings()[current()]?.querySelector(`[data-key=${key}]`)?.click(); }
async function more(link) {
  const there = document.getElementById(link.dataset.more);
  if (there) { there.hidden = !there.hidden; link.setAttribute("aria-expanded", String(!there.hidden)); return; }
  let page;
  try { ({ page } = await fetched(link.href)); } catch { say("The connection was lost. Try again."); return; }
  const forms = page.getElementById(link.dataset.more);
  if (!forms) { location.assign(link.href); return; }
  link.after(document.adoptNode(forms));
  link.setAttribute("aria-expanded", "true");
}
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-more]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  more(link);
});
async function open(key) {
  const card = findings()[current()], link = card?.querySelector("[data-more]");
  if (!link) return;
  const there = document.getElementById(link.dataset.more);
  if (!there || there.hidden) await more(link);
  card.querySelector(`[data-key=${key}]`)?.focus();
}
const click = (what) => () => document.querySelector(what)?.click();
const steps = {
  next: () => go(1), previous: () => go(-1), accept: () => press("accept"), all: () => press("all"), reject: () => press("reject"),
  change: () => open("change"), person: () => open("person"), undo: click("#undo:enabled"), redo: click("#redo:enabled"),
  open: click("#next-open"), hide: () => choosing(), search: click("#seek"), forward: click("[rel=next]"), backward: click("[rel=prev]"),
  complete: click("#complete"), help: () => location.assign("/keys"),
};
document.addEventListener("keydown", (event) => {
  if (localStorage.getItem("single-keys") !== "yes" || event.metaKey || event.target.matches("input, select, textarea") || picked) return;
  const name = Object.entries(chosen()).find(([, key]) => key === named(event))?.[0];
  if (name) { event.preventDefault(); steps[name]?.(); }
});

// A place in the text, in code points: the tags beside marks are ours and do not count.
function offset(node, at) {
  const line = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest(".line");
  if (!line) return -1;
  const range = document.createRange();
  range.setStart(line, 0);
  range.setEnd(node, at);
  const copy = range.cloneContents();
  for (const tag of copy.querySelectorAll(".mark__tag")) tag.remove();
  return Number(line.dataset.start) + [...copy.textContent.replaceAll("  │  ", "\t")].length;
}
const add = Object.assign(document.createElement("button"), { type: "button", id: "add-selected", className: "govuk-button tight", textContent: "Hide these words", hidden: true });
document.body.append(add);
let place = "";
function offer() {
  const selection = document.getSelection(), text = paper();
  add.hidden = true;
  if (!text?.dataset.add || selection.isCollapsed || !selection.rangeCount || !selection.toString().trim()) return;
  const range = selection.getRangeAt(0);
  if (!text.contains(range.commonAncestorContainer)) return;
  const start = offset(range.startContainer, range.startOffset), end = offset(range.endContainer, range.endOffset);
  if (start < 0 || end <= start) return;
  place = `${start}-${end}`;
  const box = range.getBoundingClientRect();
  add.style.top = `${box.bottom + scrollY + 6}px`;
  add.style.left = `${box.left + scrollX}px`;
  add.hidden = false;
}
document.addEventListener("selectionchange", offer);
add.addEventListener("mousedown", (event) => event.preventDefault());
add.addEventListener("click", () => location.assign(`${paper().dataset.add}?span=${place}`));

// By keyboard: arrows go from word to word, with Shift the choice grows, Enter hides, Escape ends.
let picked = null;
function wordsOf() {
  const walker = document.createTreeWalker(paper(), NodeFilter.SHOW_TEXT, (node) => (node.parentElement.closest(".mark__tag, .section-note, .place") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
  const found = [];
  while (walker.nextNode()) for (const match of walker.currentNode.data.matchAll(/[\p{L}\p{N}][^\s│]*/gu)) found.push([walker.currentNode, match.index, match.index + match[0].length]);
  return found;
}
function choosing() {
  const all = paper()?.dataset.add ? wordsOf() : [];
  if (!all.length) return;
  picked = { all, from: 0, to: 0 };
  paper().tabIndex = -1;
  paper().focus({ preventScroll: true });
  light();
  say("Choose words with the arrow keys, more with Shift. Enter hides them, Escape ends.");
}
function light() {
  const { all, from, to } = picked, [first, start] = all[Math.min(from, to)], [last, , end] = all[Math.max(from, to)];
  document.getSelection().setBaseAndExtent(first, start, last, end);
  last.parentElement.scrollIntoView({ block: "nearest" });
}
document.addEventListener("keydown", (event) => {
  if (!picked) return;
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 }[event.key];
  if (event.key === "Escape" || event.key === "Tab") { picked = null; document.getSelection().removeAllRanges(); say(""); return; }
  if (event.key === "Enter") { event.preventDefault(); picked = null; offer(); if (!add.hidden) add.click(); return; }
  if (!step) return;
  event.preventDefault();
  picked.to = Math.min(Math.max(picked.to + step, 0), picked.all.length - 1);
  if (!event.shiftKey) picked.from = picked.to;
  light();
});

// Drawing around words on the page's picture; choosing them in the text does the same without dragging.
function listen() {
  const strip = document.querySelector(".strip"), here = strip?.querySelector("[aria-current]");
  if (here) strip.scrollTop += here.getBoundingClientRect().top - strip.getBoundingClientRect().top - 8;
  const box = document.getElementById("keys");
  if (box) {
    box.checked = localStorage.getItem("single-keys") === "yes";
    box.addEventListener("change", () => localStorage.setItem("single-keys", box.checked ? "yes" : "no"));
  }
  const frame = document.querySelector("[data-drawn]"), picture = frame?.querySelector("svg");
  if (!picture) return;
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  shape.setAttribute("class", "box box--drawn");
  let from = null;
  const at = (event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse());
  const corners = (a, b) => [Math.min(a.x, b.x), Math.min(a.y, b.y), Math.max(a.x, b.x), Math.max(a.y, b.y)].map((n) => Math.max(0, Math.round(n)));
  picture.addEventListener("pointerdown", (event) => { if (event.button) return; from = at(event); });
  picture.addEventListener("dragstart", (event) => event.preventDefault());
  picture.addEventListener("pointermove", (event) => {
    if (!from) return;
    const [left, top, right, bottom] = corners(from, at(event));
    if (right - left < 4 || bottom - top < 4) return;
    for (const [name, value] of Object.entries({ x: left, y: top, width: right - left, height: bottom - top })) shape.setAttribute(name, value);
    picture.append(shape);
  });
  picture.addEventListener("pointerup", (event) => {
    const drawn = from && shape.isConnected ? corners(from, at(event)) : null;
    from = null;
    shape.remove();
    if (!drawn) return;
    const [left, top, right, bottom] = drawn;
    location.assign(`${frame.dataset.drawn}?${new URLSearchParams({ page: frame.dataset.page, left, top, right, bottom })}`);
  });
}
listen();
if (location.hash.startsWith("#f-")) arrive(location.hash.slice(1));
