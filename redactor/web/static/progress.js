// Looks how far the work is without taking the focus away; without script the page loads itself again.
import { fetched, put } from "./swap.js";

const PAUSE = 2000;
async function look() {
  try {
    const { page } = await fetched(location.href);
    if (!put("progress", page)) { location.reload(); return; }
  } catch { /* the connection was lost: the next look tells */ }
  setTimeout(look, PAUSE);
}
if (document.getElementById("progress")) setTimeout(look, PAUSE);
