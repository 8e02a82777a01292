// The reviewer's keys: the usual ones, or those chosen on the page of shortcuts; kept in this browser alone.
const STORED = "review-keys";
export const usual = { next: "j", previous: "k", accept: "a", all: "A", reject: "r", change: "c", person: "p", undo: "u", redo: "y", open: "n", hide: "x", search: "/", forward: "]", backward: "[", complete: "Control+Enter", help: "?" };

export function chosen() {
  try { return { ...usual, ...JSON.parse(localStorage.getItem(STORED) ?? "{}") }; } catch { return usual; }
}
export function choose(map) { localStorage.setItem(STORED, JSON.stringify(map)); }
export function forget() { localStorage.removeItem(STORED); }
export function named(event) { return (event.ctrlKey ? "Control+" : "") + (event.altKey ? "Alt+" : "") + event.key; }
