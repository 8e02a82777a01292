// Makes reviewing faster: single keys (when switched on) and hiding words by selecting them.
const paper = document.getElementById("paper");
const findings = [...document.querySelectorAll("[data-finding]")];
const keys = document.getElementById("keys");
keys.checked = localStorage.getItem("single-keys") === "yes";
keys.addEventListener("change", () => localStorage.setItem("single-keys", keys.checked ? "yes" : "no"));

function current() {
  const near = document.activeElement.closest("[data-finding]");
  return findings.indexOf(near ?? document.querySelector("[data-finding]:target"));
}
function go(step) {
  const next = findings[Math.min(Math.max(current() + step, 0), findings.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "center" });
  document.getElementById(next?.id.replace("f-", "m-"))?.scrollIntoView({ block: "center" });
}
function press(key) { findings[current()]?.querySelector(`[data-key=${key}]`)?.click(); }
const steps = { j: () => go(1), k: () => go(-1), a: () => press("a"), r: () => press("r"), u: () => document.getElementById("undo")?.click(), "/": () => document.getElementById("words").focus() };
document.addEventListener("keydown", (event) => {
  if (!keys.checked || event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input, select, textarea")) return;
  const step = steps[event.key];
  if (step) { event.preventDefault(); step(); }
});
if (location.hash.startsWith("#f-")) document.getElementById(location.hash.slice(1))?.focus();

// A place in the text, in code points: the tags beside marks are ours and do not count.
function offset(node, at) {
  const line = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest(".line");
  if (!line) return -1;
  const range = document.createRange();
  range.setStart(line, 0);
  range.setEnd(node, at);
  const copy = range.cloneContents();
  for (const tag of copy.querySelectorAll(".mark__tag")) tag.remove();
  const text = copy.textContent.replaceAll("  │  ", "\t");
  return Number(line.dataset.start) + [...text].length;
}
const add = document.createElement("button");
add.type = "button";
add.id = "add-selected";
add.className = "govuk-button tight";
add.textContent = "Hide these words";
add.hidden = true;
document.body.append(add);
let chosen = "";
document.addEventListener("selectionchange", () => {
  const selection = document.getSelection();
  add.hidden = true;
  if (!paper?.dataset.add || selection.isCollapsed || !selection.rangeCount || !selection.toString().trim()) return;
  const range = selection.getRangeAt(0);
  if (!paper.contains(range.commonAncestorContainer)) return;
  const start = offset(range.startContainer, range.startOffset);
  const end = offset(range.endContainer, range.endOffset);
  if (start < 0 || end <= start) return;
  chosen = `${start}-${end}`;
  const box = range.getBoundingClientRect();
  add.style.top = `${box.bottom + scrollY + 6}px`;
  add.style.left = `${box.left + scrollX}px`;
  add.hidden = false;
});
add.addEventListener("mousedown", (event) => event.preventDefault());
add.addEventListener("click", () => location.assign(`${paper.dataset.add}?span=${chosen}`));
