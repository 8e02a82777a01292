// Counts while one types.
import { fetched, put } from "./swap.js";

const form = document.getElementById("search");
let waiting, asked = 0;
async function count() {
  const address = new URL(location.href);
  address.search = new URLSearchParams(new FormData(form));
  const mine = ++asked;
  const { page } = await fetched(address);
  if (mine === asked && put("hits", page)) history.replaceState(null, "", address);
}
form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(count, 250); });
